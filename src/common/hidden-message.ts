import type { HiddenMessage, ListedMessage, Message } from '../contracts/index.js';

/** What is left of a message for somebody who blocks its author: its place. */
export function hiddenMessage({ id, seq, position }: Message): HiddenMessage {
  return { id, seq, position, hidden: true };
}

/** Whether a message is by somebody whom its reader blocks. */
export function isByBlocked(blocks: ReadonlySet<string> | undefined, { author }: Message): boolean {
  return blocks !== undefined && author !== null && blocks.has(author.id);
}

/** A message as its reader gets it; every way on which messages are read goes through here or through `ChangeFrames`. @param blocks whom the reader blocks */
export function asRead(blocks: ReadonlySet<string> | undefined, message: Message): ListedMessage {
  return isByBlocked(blocks, message) ? hiddenMessage(message) : message;
}
