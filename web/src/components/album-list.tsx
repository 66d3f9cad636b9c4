import { useState } from 'preact/hooks';
import type { Album } from '../api/wire.js';
import { rest } from '../app/account.js';
import { navigate } from '../app/router.js';
import { albumPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { AlbumDialog } from './album-dialog.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { ListState } from './list-state.js';
import { usePages } from './use-list.js';

/** The albums of a person, as far as the reader may see them. */
export function AlbumList({ username, own }: { username: string; own: boolean }) {
  const pages = usePages<Album>(
    (cursor) => rest.call('albums.of-person', { params: { username }, query: { limit: 30, ...(cursor !== undefined && { cursor }) } }),
    [username],
  );
  const [making, setMaking] = useState(false);
  return (
    <>
      {own && (
        <div class="toolbar">
          <button type="button" class="button primary small" onClick={() => setMaking(true)}>
            <Icon name="plus" />
            {t.albums.make}
          </button>
        </div>
      )}
      <ListState of={pages} empty={t.albums.none} {...(own && { emptyText: t.albums.noneText })}>
        <ul class="albums">
          {pages.items?.map((album) => (
            <li key={album.id}>
              <Link to={albumPath(album.id)} class="album">
                <span class="album-cover">
                  {album.cover ? <img src={album.cover.sizes.medium} alt="" loading="lazy" /> : <Icon name="picture" />}
                </span>
                <strong dir="auto">{album.name}</strong>
                <small>{albumFacts(album)}</small>
              </Link>
            </li>
          ))}
        </ul>
      </ListState>
      {making && <AlbumDialog onClose={() => setMaking(false)} onDone={(album) => navigate(albumPath(album.id))} />}
    </>
  );
}

/** What an album is about, in a line. */
export function albumFacts({ theme, year, photoCount, visibility }: Album): string {
  return [
    t.albums.photos(photoCount),
    theme,
    year === null ? null : String(year),
    visibility === 'everyone' ? null : t.albums.seenBy[visibility],
  ]
    .filter((fact) => fact !== null && fact !== '')
    .join(' · ');
}
