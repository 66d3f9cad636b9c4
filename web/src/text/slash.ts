/** What a person typed, understood. */
export type Typed =
  | { kind: 'message'; content: string }
  | { kind: 'private'; to: string; content: string }
  | { kind: 'usage' }
  | { kind: 'help' }
  | { kind: 'nothing' };

/** What can be typed after a slash. Any other word after one is said as it stands. */
export const commands = ['pm', 'help'] as const;
export type Command = (typeof commands)[number];

/** Reads `/pm name text` and `/help`; everything else is said to the room. */
export function readTyped(text: string): Typed {
  const content = text.trim();
  if (content === '') return { kind: 'nothing' };
  if (/^\/help$/i.test(content)) return { kind: 'help' };
  if (!/^\/pm(\s|$)/i.test(content)) return { kind: 'message', content };
  const rest = content.slice(3).trim();
  const space = rest.search(/\s/);
  if (space <= 0) return { kind: 'usage' };
  return { kind: 'private', to: rest.slice(0, space).replace(/^@/, ''), content: rest.slice(space).trim() };
}
