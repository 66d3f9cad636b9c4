/** The word before the caret that can be completed: `@na` or, at the beginning, `/p`. */
export interface Completable {
  kind: 'mention' | 'command';
  /** What was typed of it, without the sign. */
  query: string;
  /** Where the sign stands. */
  from: number;
}

/** What could be completed at the caret, or null. A sign in the middle of a word is an address, not a name. */
export function completableAt(text: string, caret: number): Completable | null {
  const before = text.slice(0, caret);
  const command = /^\/([\p{L}]*)$/u.exec(before);
  if (command) return { kind: 'command', query: command[1]!, from: 0 };
  const at = before.lastIndexOf('@');
  if (at === -1 || caret - at > 33) return null;
  const query = before.slice(at + 1);
  if (!/^[\p{L}\p{M}\p{N}_.-]*$/u.test(query) || /[\p{L}\p{M}\p{N}_.@-]$/u.test(before.slice(0, at))) return null;
  return { kind: 'mention', query, from: at };
}

/** The text with the completed word and a space in place of what was typed, and where the caret goes. */
export function complete(text: string, caret: number, from: number, word: string): { text: string; caret: number } {
  const rest = text.slice(caret).replace(/^ /, '');
  return { text: `${text.slice(0, from)}${word} ${rest}`, caret: from + word.length + 1 };
}

/** A piece of a text: plain, or a name that is mentioned. */
export interface MentionPiece {
  text: string;
  username?: string;
}

// As the server reads it: a name follows the beginning or something that is no letter of an address.
const mention = /(?<![\p{L}\p{M}\p{N}_.@-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{1,31})/gu;

/** Finds `@name` in a text; a full stop or hyphen at the end belongs to the sentence. */
export function splitMentions(text: string): MentionPiece[] {
  if (!text.includes('@')) return [{ text }];
  const pieces: MentionPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(mention)) {
    const username = match[1]!.replace(/[.-]+$/, '');
    if (username.length < 2) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    from = match.index + 1 + username.length;
    pieces.push({ text: `@${username}`, username });
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
