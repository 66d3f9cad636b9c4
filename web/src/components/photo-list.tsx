import type { ComponentChildren } from 'preact';
import type { Photo } from '../api/wire.js';
import { rest } from '../app/account.js';
import { showPicture } from '../app/lightbox.js';
import { t } from '../texts/index.js';
import { ListState } from './list-state.js';
import { usePages } from './use-list.js';

interface PhotoListProps {
  query: { album: string } | { user: string };
  empty: string;
  emptyText?: string;
  /** Grows when the list has to be read again. */
  turn?: number;
  /** What one can do with a photo. */
  actions?: (photo: Photo, number: number) => ComponentChildren;
}

/** Photos as tiles; one opens the viewer, where the arrow keys turn. */
export function PhotoList({ query, empty, emptyText, turn = 0, actions }: PhotoListProps) {
  const pages = usePages<Photo>(
    (cursor) => rest.call('photos.list', { query: { ...query, limit: 60, ...(cursor !== undefined && { cursor }) } }),
    [JSON.stringify(query), turn],
  );
  const pictures = (pages.items ?? []).map(({ image }) => image);
  return (
    <ListState of={pages} empty={empty} {...(emptyText && { emptyText })}>
      <ul class="photos">
        {pages.items?.map((photo, at) => (
          <li key={photo.id}>
            <button
              type="button"
              class="picture"
              aria-label={t.message.enlarge(photo.image.name)}
              onClick={() => showPicture(pictures, at)}
            >
              <img src={photo.image.sizes.medium ?? photo.image.sizes.full} alt="" loading="lazy" decoding="async" />
            </button>
            {actions && <span class="photo-actions">{actions(photo, at + 1)}</span>}
          </li>
        ))}
      </ul>
    </ListState>
  );
}
