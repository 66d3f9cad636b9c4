/** What is said to other nodes, by who reads it. */
export type SignalKind = 'push' | 'tell' | 'event' | 'people';

const kinds: ReadonlySet<string> = new Set<SignalKind>(['push', 'tell', 'event', 'people']);

/** Something that one node says to the others. */
export interface Signal {
  /** Of the process that says it. */
  node: string;
  /** Counts up in that process: with `node` it names the signal, however it travels. */
  serial: number;
  kind: SignalKind;
  body: string;
}

/** Longer ones are dropped unread: nothing of ours comes near. In UTF-16 units. */
const longest = 16 * 1024 * 1024;

/** A signal as one string: three words and the body. */
export function writeSignal({ node, serial, kind, body }: Signal): string {
  return `${node} ${serial} ${kind} ${body}`;
}

/** Who says it, without reading the rest: a node drops its own echo at once. */
export function speakerOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf(' ')));
}

/** A signal from a string that anybody may have sent; null: it is none. */
export function readSignal(text: string): Signal | null {
  if (text.length > longest) return null;
  const first = text.indexOf(' ');
  const second = text.indexOf(' ', first + 1);
  const third = text.indexOf(' ', second + 1);
  if (first < 1 || second < 0 || third < 0 || third > 100) return null;
  const serial = Number(text.slice(first + 1, second));
  const kind = text.slice(second + 1, third);
  if (!Number.isSafeInteger(serial) || serial < 1 || !kinds.has(kind)) return null;
  return { node: text.slice(0, first), serial, kind: kind as SignalKind, body: text.slice(third + 1) };
}
