import type { Message } from '../api/wire.js';
import { toFault } from '../api/fault.js';
import { faultText } from '../texts/index.js';
import { chat, dispatch, socket } from './live.js';
import { toast } from './toasts.js';

/** Begins to change one's own message, in the composer. */
export function beginEdit(id: string): void {
  dispatch({ type: 'edit-begun', id });
}

export function endEdit(): void {
  dispatch({ type: 'edit-ended' });
}

/** Begins to answer a message, in the composer. */
export function beginReply(message: Message): void {
  dispatch({ type: 'reply-begun', message });
}

export function endReply(): void {
  dispatch({ type: 'reply-ended' });
}

/** Begins to change the last message that one wrote in the open room. @returns whether there is one */
export function editLastOwn(): boolean {
  const { open, logs, myId } = chat.get();
  const log = open?.id == null ? undefined : logs[open.id];
  const last = log?.items.findLast((message) => message.author?.id === myId && message.kind === 'text' && !message.deletedAt);
  if (last) beginEdit(last.id);
  return last !== undefined;
}

/** Changes what a message says; the same again changes nothing. @throws Fault */
export async function edit(id: string, content: string): Promise<void> {
  take((await socket.command('message.edit', { id, content })).message);
}

/** Deletes a message; a refusal is told. */
export async function remove(id: string): Promise<void> {
  await tell(async () => take((await socket.command('message.delete', { id })).message));
}

/** Gives a message an emoji, or takes one's own back; a refusal is told. */
export async function toggleReaction(message: Message, emoji: string): Promise<void> {
  const command = message.mine?.includes(emoji) ? 'message.unreact' : 'message.react';
  await tell(async () => take((await socket.command(command, { id: message.id, emoji })).message));
}

function take(message: Message): void {
  // The event may have come before the answer; the answer knows one's own emojis.
  dispatch({ type: 'answered', message });
}

async function tell(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    toast(faultText(toFault(error)), 'bad');
  }
}
