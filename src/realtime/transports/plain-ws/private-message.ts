/**
 * `/pm name text`: the name ends at the first white space, the rest is the text.
 * @returns null when the line is no private message, `incomplete` when name or text is missing
 */
export function privateMessageOf(line: string): { to: string; content: string } | 'incomplete' | null {
  if (!/^\/pm(?:\s|$)/.test(line)) return null;
  const match = /^\/pm\s+(\S+)\s+(\S[\s\S]*)$/.exec(line);
  return match ? { to: match[1]!, content: match[2]! } : 'incomplete';
}
