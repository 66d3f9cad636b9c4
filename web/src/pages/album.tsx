import { useEffect, useState } from 'preact/hooks';
import { type Fault, toFault } from '../api/fault.js';
import type { Album } from '../api/wire.js';
import { account, rest } from '../app/account.js';
import { navigate } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { act } from '../components/act.js';
import { AlbumDialog } from '../components/album-dialog.js';
import { albumFacts } from '../components/album-list.js';
import { AuthorAvatar } from '../components/avatar.js';
import { Confirm } from '../components/dialog.js';
import { Icon } from '../components/icon.js';
import { Link } from '../components/link.js';
import { Empty, Spinner } from '../components/notice.js';
import { PhotoAdder } from '../components/photo-adder.js';
import { PhotoList } from '../components/photo-list.js';
import { useStore } from '../components/use-store.js';
import { authorName } from '../text/names.js';
import { personPath } from '../text/paths.js';
import { faultText, t } from '../texts/index.js';
import { FramedPage } from './frame.js';

/** The photos of an album; its owner adds, chooses the cover, and deletes. */
export function AlbumPage({ id }: { id: string }) {
  const [album, setAlbum] = useState<Album | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [turn, setTurn] = useState(0);
  const myId = useStore(account, (state) => (state.status === 'signed-in' ? state.me.id : null));
  useEffect(() => {
    let here = true;
    rest.call('albums.get', { params: { id } }).then(
      (answer) => here && setAlbum(answer.album),
      (error: unknown) => here && setFault(toFault(error)),
    );
    return () => {
      here = false;
    };
  }, [id, turn]);
  const again = () => setTurn((before) => before + 1);

  if (!album) {
    const title = fault ? t.albums.goneTitle : t.albums.one;
    return (
      <FramedPage key="none" area="me" title={title}>
        {fault ? <Empty title={title} text={faultText(fault)} /> : <Spinner label={t.app.loading} />}
      </FramedPage>
    );
  }
  const { owner, coverPhotoId } = album;
  const mine = owner.id === myId;
  return (
    <FramedPage
      key="album"
      area={mine ? 'me' : 'friends'}
      title={album.name}
      head={(heading) => (
        <header class="album-head">
          {heading}
          <p>{albumFacts(album)}</p>
          <Link to={`${personPath(owner.username)}/albums`} class="person-link">
            <AuthorAvatar author={owner} />
            <strong>{authorName(owner)}</strong>
          </Link>
        </header>
      )}
    >
      {mine && <AlbumTools album={album} onChange={setAlbum} onAdded={again} />}
      <PhotoList
        query={{ album: id }}
        empty={t.albums.noPhotos}
        turn={turn}
        {...(mine && {
          emptyText: t.albums.noPhotosText,
          actions: (photo, number) => (
            <>
              <button
                type="button"
                class="icon-button small"
                aria-pressed={photo.id === coverPhotoId}
                aria-label={t.albums.coverOf(number)}
                title={t.albums.cover}
                onClick={() =>
                  act(async () => {
                    const next = photo.id === coverPhotoId ? null : photo.id;
                    setAlbum((await rest.call('albums.update', { params: { id }, body: { coverPhotoId: next } })).album);
                  })
                }
              >
                <Icon name="star" />
              </button>
              <DeletePhoto id={photo.id} number={number} onGone={again} />
            </>
          ),
        })}
      />
    </FramedPage>
  );
}

function DeletePhoto({ id, number, onGone }: { id: string; number: number; onGone: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        class="icon-button small"
        aria-label={t.albums.deletePhoto(number)}
        title={t.message.delete}
        onClick={() => setAsking(true)}
      >
        <Icon name="bin" />
      </button>
      {asking && (
        <Confirm
          title={t.albums.deletePhotoTitle}
          text={t.albums.deletePhotoText}
          action={t.message.delete}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            act(async () => {
              await rest.call('photos.delete', { params: { id } });
              onGone();
            });
          }}
        />
      )}
    </>
  );
}

function AlbumTools({ album, onChange, onAdded }: { album: Album; onChange: (album: Album) => void; onAdded: () => void }) {
  const [doing, setDoing] = useState<'editing' | 'deleting' | null>(null);
  return (
    <div class="toolbar album-tools">
      <PhotoAdder albumId={album.id} onAdded={onAdded} />
      <span class="row-actions">
        <button type="button" class="button quiet small" onClick={() => setDoing('editing')}>
          <Icon name="edit" />
          {t.message.edit}
        </button>
        <button type="button" class="button danger small" onClick={() => setDoing('deleting')}>
          {t.message.delete}
        </button>
      </span>
      {doing === 'editing' && <AlbumDialog album={album} onClose={() => setDoing(null)} onDone={onChange} />}
      {doing === 'deleting' && (
        <Confirm
          title={t.albums.deleteTitle(album.name)}
          text={t.albums.deleteText}
          action={t.message.delete}
          onNo={() => setDoing(null)}
          onYes={() => {
            setDoing(null);
            act(async () => {
              await rest.call('albums.delete', { params: { id: album.id } });
              toast(t.albums.deleted);
              navigate(`${personPath(album.owner.username)}/albums`, { replace: true });
            });
          }}
        />
      )}
    </div>
  );
}
