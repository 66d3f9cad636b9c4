import { toFault } from '../api/fault.js';
import type { CommandReply } from '../api/wire.js';
import { Outbox, type Try } from '../store/outbox.js';
import type { Pending } from '../store/room-log.js';
import { roomPath } from '../text/names.js';
import { t } from '../texts/index.js';
import { newClientId } from './client-id.js';
import { chat, dispatch, note, socket } from './live.js';
import { findOneRoom } from './room-list.js';
import { toast } from './toasts.js';

type Sent = CommandReply<'message.send'>;

const outboxes = new Map<string, Outbox<Sent>>();
const drafts = new Map<string, string>();

/** Sends a message to a room; it shows at once and goes out in the order of writing. */
export function send(id: string, content: string): void {
  deliver(id, { clientId: newClientId(), content, at: new Date().toISOString(), state: 'sending' });
}

/** Sends a private message that was written in a room. */
export function sendPrivately(id: string, to: string, content: string): void {
  deliver(id, { clientId: newClientId(), content, at: new Date().toISOString(), state: 'sending', to });
}

/** Tries a failed message again, under the same id: it cannot be doubled. */
export function sendAgain(id: string, clientId: string): void {
  const pending = chat.get().logs[id]?.pending.find((other) => other.clientId === clientId);
  if (!pending) return;
  dispatch({ type: 'send-again', id, clientId });
  post(id, pending);
}

export function discard(id: string, clientId: string): void {
  dispatch({ type: 'send-discarded', id, clientId });
}

/** What was typed in a room and not sent. */
export function draftOf(id: string): string {
  return drafts.get(id) ?? '';
}

export function keepDraft(id: string, text: string): void {
  if (text) drafts.set(id, text);
  else drafts.delete(id);
}

function deliver(id: string, pending: Pending): void {
  dispatch({ type: 'sending', id, pending });
  post(id, pending);
}

function post(id: string, { clientId, content, to }: Pending): void {
  let outbox = outboxes.get(id);
  if (!outbox) {
    outbox = new Outbox<Sent>({ tries: 4, wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) });
    outboxes.set(id, outbox);
    outbox.line(socket.state === 'online');
  }
  outbox.add({
    key: clientId,
    attempt: () =>
      attempt(() =>
        to === undefined
          ? socket.command('message.send', { room: id, content, clientId })
          : socket.command('private.send', { to, content, clientId }),
      ),
    sent: ({ message }) => {
      dispatch({ type: 'sent', id, clientId, message });
      if (to !== undefined) {
        toast(t.room.privateSent(to), 'plain', {
          label: t.room.openConversation,
          path: roomPath({ id: message.room, name: '', kind: 'direct' }),
        });
        if (!chat.get().directory.byId[message.room]) findOneRoom(message.room).catch(() => undefined);
      }
    },
    refused: (error) => dispatch({ type: 'send-failed', id, clientId, fault: note(toFault(error)) }),
  });
}

async function attempt(command: () => Promise<Sent>): Promise<Try<Sent>> {
  try {
    return { outcome: 'sent', answer: await command() };
  } catch (error) {
    const fault = toFault(error);
    return { outcome: fault.passing ? 'later' : 'refused', fault };
  }
}

/** Whether messages can go out now. */
export function openLines(open: boolean): void {
  for (const outbox of outboxes.values()) outbox.line(open);
}

/** Somebody else is here now: nothing of the one before is sent. */
export function forgetWriting(): void {
  for (const outbox of outboxes.values()) outbox.clear();
  outboxes.clear();
  drafts.clear();
}
