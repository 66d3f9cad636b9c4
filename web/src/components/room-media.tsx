import { useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { rest } from '../app/account.js';
import { showMessage } from '../app/history.js';
import { showPicture } from '../app/lightbox.js';
import { authorName } from '../text/names.js';
import { fileSize, t } from '../texts/index.js';
import { Icon } from './icon.js';
import { ListState } from './list-state.js';
import { Time } from './time.js';
import { usePages } from './use-list.js';
import { useNow } from './use-store.js';

const kinds = ['image', 'file'] as const;

/** The pictures and files of a room, the newest first, each with the way to its message. */
export function RoomMedia({ room, onClose }: { room: Room; onClose: () => void }) {
  const [kind, setKind] = useState<(typeof kinds)[number]>('image');
  const pages = usePages<Message>(
    (cursor) => rest.call('messages.media', { params: { room: room.id }, query: { kind, limit: 30, ...(cursor && { cursor }) } }),
    [room.id, kind],
  );
  const now = useNow();
  const show = (message: Message) => {
    onClose();
    showMessage(message.seq).catch(() => undefined);
  };
  const found = (pages.items ?? []).flatMap((message) =>
    message.attachments.filter((attachment) => attachment.kind === kind).map((attachment) => ({ message, attachment })),
  );
  const pictures = found.map(({ attachment }) => attachment);
  const name = (message: Message) => (message.author ? authorName(message.author) : t.room.formerPerson);
  return (
    <>
      <div class="segments" role="group" aria-label={t.media.tab}>
        {kinds.map((key) => (
          <button key={key} type="button" aria-pressed={key === kind} onClick={() => setKind(key)}>
            {key === 'image' ? t.media.images : t.media.files}
          </button>
        ))}
      </div>
      <ListState of={pages} empty={kind === 'image' ? t.media.noImages : t.media.noFiles}>
        {kind === 'image' ? (
          <ul class="media-grid">
            {found.map(({ message, attachment }) => (
              <li key={attachment.id}>
                <button
                  type="button"
                  class="media-picture"
                  aria-label={t.message.enlarge(attachment.name)}
                  onClick={() => showPicture(pictures, pictures.indexOf(attachment))}
                >
                  <img src={attachment.sizes.thumbnail ?? attachment.sizes.full} alt={attachment.name} loading="lazy" />
                </button>
                <button type="button" class="link-button" onClick={() => show(message)}>
                  {t.media.show}
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <ul class="members">
            {found.map(({ message, attachment }) => (
              <li key={attachment.id}>
                <Icon name="file" />
                <span class="member-text">
                  <a href={attachment.sizes.original} download={attachment.name}>
                    {attachment.name}
                  </a>
                  <small>
                    {fileSize(attachment.bytes)} · {name(message)} · <Time at={message.createdAt} now={now} />
                  </small>
                </span>
                <button type="button" class="button quiet small" onClick={() => show(message)}>
                  {t.admin.show}
                </button>
              </li>
            ))}
          </ul>
        )}
      </ListState>
    </>
  );
}
