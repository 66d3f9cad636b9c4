import type { Attachment } from '../api/wire.js';
import { showPicture } from '../app/lightbox.js';
import { fileSize, t } from '../texts/index.js';
import { Icon } from './icon.js';

/** Pictures, in their proportions from the beginning, and files to download. */
export function Attachments({ of }: { of: readonly Attachment[] }) {
  const pictures = of.filter(({ kind }) => kind === 'image');
  const files = of.filter(({ kind }) => kind !== 'image');
  return (
    <>
      {pictures.length > 0 && (
        <div class={`pictures${pictures.length > 1 ? ' many' : ''}`}>
          {pictures.map((picture) => (
            <button
              key={picture.id}
              type="button"
              class="picture"
              aria-label={t.message.enlarge(picture.name)}
              onClick={() => showPicture(pictures, pictures.indexOf(picture))}
            >
              <img
                src={picture.sizes.medium ?? picture.sizes.full}
                alt={picture.name}
                width={picture.width ?? undefined}
                height={picture.height ?? undefined}
                loading="lazy"
                decoding="async"
              />
            </button>
          ))}
        </div>
      )}
      {files.map((file) => (
        <a key={file.id} class="file" href={file.sizes.original} download={file.name}>
          <Icon name="file" />
          <span class="file-name">{file.name}</span>
          <small>{fileSize(file.bytes)}</small>
        </a>
      ))}
    </>
  );
}
