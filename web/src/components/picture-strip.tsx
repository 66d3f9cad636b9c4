import { useState } from 'preact/hooks';
import { announce } from '../app/toasts.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import type { ChosenPicture, usePictures } from './use-pictures.js';

type Props = Omit<ReturnType<typeof usePictures>, 'ids' | 'busy'>;

/** Pictures in their order: add, take out, and move by buttons, by the arrow keys with Alt, or by dragging. */
export function PictureStrip({ pictures, left, add, again, remove, move }: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const put = (from: number, to: number) => {
    if (to < 0 || to >= pictures.length) return;
    move(from, to);
    announce(t.posts.moved(to + 1, pictures.length));
  };
  return (
    <fieldset class="picture-strip">
      <legend>{t.posts.picturesLegend}</legend>
      <p class="field-hint">{t.posts.picturesHint}</p>
      {pictures.length > 0 && (
        <ol>
          {pictures.map((picture, at) => (
            <li
              key={picture.key}
              class={'fault' in picture.state ? 'bad' : dragged === at ? 'dragged' : ''}
              draggable
              onDragStart={() => setDragged(at)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => dragged !== null && event.preventDefault()}
              onDrop={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                put(dragged, at);
                setDragged(null);
              }}
              onKeyDown={(event) => {
                const step = event.altKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined;
                if (step === undefined) return;
                event.preventDefault();
                put(at, at + step);
              }}
            >
              <img src={picture.preview} alt={t.posts.pictureNumber(at + 1, picture.name)} />
              <State picture={picture} onAgain={() => again(picture)} />
              <span class="picture-buttons">
                <button
                  type="button"
                  class="icon-button small"
                  aria-label={t.posts.earlier(picture.name)}
                  disabled={at === 0}
                  onClick={() => put(at, at - 1)}
                >
                  <Icon name="back" />
                </button>
                <button
                  type="button"
                  class="icon-button small"
                  aria-label={t.composer.removeFile(picture.name)}
                  onClick={() => remove(picture)}
                >
                  <Icon name="close" />
                </button>
                <button
                  type="button"
                  class="icon-button small turned"
                  aria-label={t.posts.later(picture.name)}
                  disabled={at === pictures.length - 1}
                  onClick={() => put(at, at + 1)}
                >
                  <Icon name="back" />
                </button>
              </span>
            </li>
          ))}
        </ol>
      )}
      {left > 0 && (
        <label
          class="button quiet small"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            add(Array.from(event.dataTransfer?.files ?? []));
          }}
        >
          <Icon name="picture" />
          {t.posts.addPictures}
          <input
            type="file"
            multiple
            class="visually-hidden"
            name="pictures"
            accept="image/jpeg,image/png,image/webp"
            onChange={(event) => {
              add(Array.from(event.currentTarget.files ?? []));
              event.currentTarget.value = '';
            }}
          />
        </label>
      )}
    </fieldset>
  );
}

function State({ picture: { state, name }, onAgain }: { picture: ChosenPicture; onAgain: () => void }) {
  if ('progress' in state) return <progress value={state.progress} aria-label={t.composer.uploading(name)} />;
  if (!('fault' in state)) return null;
  return (
    <small role="alert">
      {state.fault}{' '}
      <button type="button" class="link-button" onClick={onAgain}>
        {t.app.tryAgain}
      </button>
    </small>
  );
}
