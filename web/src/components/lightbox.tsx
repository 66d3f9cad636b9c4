import { useEffect, useRef } from 'preact/hooks';
import { hidePicture, lightbox, turnPicture } from '../app/lightbox.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import { useStore } from './use-store.js';

/** A picture over the whole page. The arrow keys turn, Escape closes. */
export function Lightbox() {
  const shown = useStore(lightbox, (state) => state);
  return shown && <Large key="large" pictures={shown.pictures} at={shown.at} />;
}

function Large({ pictures, at }: NonNullable<ReturnType<typeof lightbox.get>>) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const picture = pictures[at];
  if (!picture) return null;
  const many = pictures.length > 1;
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={picture.name}
      onCancel={(event) => {
        event.preventDefault();
        hidePicture();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) hidePicture();
      }}
      onKeyDown={(event) => {
        if (!many) return;
        if (event.key === 'ArrowRight') turnPicture(1);
        if (event.key === 'ArrowLeft') turnPicture(-1);
      }}
    >
      <img src={picture.sizes.full ?? picture.sizes.medium} alt={picture.name} />
      <div class="lightbox-bar">
        {many && (
          <>
            <button type="button" class="icon-button" aria-label={t.message.previousPicture} onClick={() => turnPicture(-1)}>
              <Icon name="back" />
            </button>
            <span role="status">{t.message.pictureOf(at + 1, pictures.length)}</span>
            <button type="button" class="icon-button turned" aria-label={t.message.nextPicture} onClick={() => turnPicture(1)}>
              <Icon name="back" />
            </button>
          </>
        )}
        <a class="icon-button" href={picture.sizes.full} target="_blank" rel="noopener" aria-label={t.message.openPicture}>
          <Icon name="open" />
        </a>
        <button type="button" class="icon-button" aria-label={t.app.close} onClick={hidePicture}>
          <Icon name="close" />
        </button>
      </div>
    </dialog>
  );
}
