import { discard, sendAgain } from '../app/writing.js';
import type { Pending } from '../store/outgoing.js';
import { faultText, t } from '../texts/index.js';
import { Attachments } from './attachments.js';
import { Icon } from './icon.js';
import { Quote } from './quote.js';

/** A message on its way out: waiting, being sent, or failed with what one can do about it. */
export function PendingRow({ pending, roomId, online }: { pending: Pending; roomId: string; online: boolean }) {
  const failed = pending.state === 'failed';
  return (
    <li class={`pending${failed ? ' failed' : ''}`}>
      {pending.to !== undefined && <p class="pending-to">{t.room.privateTo(pending.to)}</p>}
      {pending.replyTo !== undefined && <Quote id={pending.replyTo} roomId={roomId} />}
      {pending.content !== '' && <p class="content">{pending.content}</p>}
      {pending.attachments && <Attachments of={pending.attachments} />}
      {failed ? (
        <p class="pending-state" role="alert">
          <span class="why">
            <Icon name="warn" />
            <span>
              {t.room.failed} {pending.fault && faultText(pending.fault)}
            </span>
          </span>
          <button type="button" class="link-button" onClick={() => sendAgain(roomId, pending.clientId)}>
            {t.room.retry}
          </button>
          <button type="button" class="link-button" onClick={() => discard(roomId, pending.clientId)}>
            {t.room.discard}
          </button>
        </p>
      ) : (
        <p class="pending-state">{online ? t.room.sending : t.room.waiting}</p>
      )}
    </li>
  );
}
