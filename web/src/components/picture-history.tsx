import { useState } from 'preact/hooks';
import type { Avatar } from '../api/wire.js';
import { rest } from '../app/account.js';
import { deleteAvatar, showAvatar } from '../app/pictures.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { usePages } from './use-list.js';

/** The pictures that one had, to show one of them again or to delete it. @param shown the address of the one that is shown */
export function PictureHistory({ shown }: { shown: string | null }) {
  const pages = usePages<Avatar>(
    (cursor) => rest.call('avatars.list', { query: { limit: 20, ...(cursor !== undefined && { cursor }) } }),
    [shown],
  );
  const [deleting, setDeleting] = useState<string | null>(null);
  // A single one that is shown stands above already.
  if (!pages.items || pages.items.length === 0 || (pages.items.length === 1 && shown !== null)) return null;
  return (
    <section class="part" aria-labelledby="picture-history">
      <h2 id="picture-history">{t.pictures.history}</h2>
      <ul class="picture-history">
        {pages.items.map(({ id, active, image }, at) => (
          <li key={id}>
            <button
              type="button"
              class="choice"
              aria-pressed={active}
              aria-label={t.pictures.show(at + 1)}
              onClick={() => act(() => showAvatar(id))}
            >
              <img src={image.sizes.thumbnail ?? image.sizes.medium} alt="" loading="lazy" />
            </button>
            <button type="button" class="icon-button" aria-label={t.pictures.remove(at + 1)} onClick={() => setDeleting(id)}>
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {pages.more && (
        <button type="button" class="button quiet small" onClick={pages.more}>
          {t.app.more}
        </button>
      )}
      {deleting !== null && (
        <Confirm
          title={t.pictures.removeTitle}
          text={t.pictures.removeText}
          action={t.message.delete}
          onNo={() => setDeleting(null)}
          onYes={() => {
            setDeleting(null);
            act(async () => {
              await deleteAvatar(deleting);
              pages.change((avatars) => avatars.filter(({ id }) => id !== deleting));
            });
          }}
        />
      )}
    </section>
  );
}
