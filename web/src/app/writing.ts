import { toFault } from '../api/fault.js';
import type { Attachment, CommandReply } from '../api/wire.js';
import { Outbox, type Try } from '../store/outbox.js';
import type { Pending } from '../store/outgoing.js';
import { roomPath } from '../text/names.js';
import { t } from '../texts/index.js';
import { newClientId } from './client-id.js';
import { KeptOutbox } from './kept-outbox.js';
import { chat, dispatch, note, socket } from './live.js';
import { findOneRoom } from './room-list.js';
import { toast } from './toasts.js';

type Sent = CommandReply<'message.send'>;

const outboxes = new Map<string, Outbox<Sent>>();
let kept: KeptOutbox | null = null;

/** Takes up what an earlier page of this person could not send. */
export function startWriting(userId: string | null): void {
  forgetWriting();
  if (userId === null) return;
  kept = new KeptOutbox(userId, ({ room, pending }) => dispatch({ type: 'send-discarded', id: room, clientId: pending.clientId }));
  for (const { room, pending } of kept.recall()) {
    dispatch({ type: 'sending', id: room, pending });
    if (pending.state === 'sending') post(room, pending);
  }
}

/** What goes with a message. */
export interface Enclosed {
  /** The message that it answers. */
  replyTo?: string;
  attachments?: readonly Attachment[];
}

/** Sends a message to a room; it shows at once and goes out in the order of writing. */
export function send(id: string, content: string, enclosed: Enclosed = {}): void {
  deliver(id, { clientId: newClientId(), content, at: new Date().toISOString(), state: 'sending', ...enclosed });
}

/** Sends a private message that was written in a room. */
export function sendPrivately(id: string, to: string, content: string): void {
  deliver(id, { clientId: newClientId(), content, at: new Date().toISOString(), state: 'sending', to });
}

/** Tries a failed message again, under the same id: it cannot be doubled. */
export function sendAgain(id: string, clientId: string): void {
  const pending = chat.get().logs[id]?.pending.find((other) => other.clientId === clientId);
  if (!pending) return;
  const { fault: _, ...again } = { ...pending, at: new Date().toISOString(), state: 'sending' as const };
  kept?.put({ room: id, pending: again });
  dispatch({ type: 'send-again', id, clientId });
  post(id, again);
}

export function discard(id: string, clientId: string): void {
  kept?.drop(clientId);
  dispatch({ type: 'send-discarded', id, clientId });
}

function deliver(id: string, pending: Pending): void {
  kept?.put({ room: id, pending });
  dispatch({ type: 'sending', id, pending });
  post(id, pending);
}

function post(id: string, pending: Pending): void {
  const { clientId, content, to, replyTo, attachments } = pending;
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
          ? socket.command('message.send', {
              room: id,
              content,
              clientId,
              ...(replyTo !== undefined && { replyTo }),
              ...(attachments !== undefined && { attachments: attachments.map((file) => file.id) }),
            })
          : socket.command('private.send', { to, content, clientId }),
      ),
    sent: ({ message }) => {
      kept?.drop(clientId);
      dispatch({ type: 'sent', id, clientId, message });
      if (to !== undefined) {
        toast(t.room.privateSent(to), 'plain', {
          label: t.room.openConversation,
          path: roomPath({ id: message.room, name: '', kind: 'direct' }),
        });
        if (!chat.get().directory.byId[message.room]) findOneRoom(message.room).catch(() => undefined);
      }
    },
    refused: (error) => {
      const fault = note(toFault(error));
      kept?.put({ room: id, pending: { ...pending, state: 'failed', fault } });
      dispatch({ type: 'send-failed', id, clientId, fault });
    },
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
function forgetWriting(): void {
  for (const outbox of outboxes.values()) outbox.clear();
  outboxes.clear();
  kept?.end();
  kept = null;
}
