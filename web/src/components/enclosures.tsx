import { useEffect, useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Attachment } from '../api/wire.js';
import { upload } from '../app/uploads.js';
import { faultText, fileSize, t } from '../texts/index.js';
import { Icon } from './icon.js';

/** A picture or file that is to go with the message that is being written. */
interface Enclosure {
  key: number;
  file: File;
  /** An address of the picture within this page; null: no picture. */
  preview: string | null;
  /** 0 to 1 while it is on its way; the stored file afterwards; or why that failed. */
  state: { progress: number } | { stored: Attachment } | { fault: string };
}

/** So many can go with one message. */
const most = 10;

let nextKey = 1;

/** Files that are sent to the server as soon as they are chosen, while the message is being written. */
export function useEnclosures() {
  const [files, setFiles] = useState<readonly Enclosure[]>([]);
  const aborts = useRef(new Map<number, AbortController>());
  const change = (key: number, state: Enclosure['state']) =>
    setFiles((before) => before.map((other) => (other.key === key ? { ...other, state } : other)));
  const begin = ({ key, file }: Enclosure) => {
    const abort = new AbortController();
    aborts.current.set(key, abort);
    upload(file, (progress) => change(key, { progress }), abort.signal).then(
      (stored) => change(key, { stored }),
      (error: unknown) => {
        if (!abort.signal.aborted) change(key, { fault: faultText(toFault(error)) });
      },
    );
  };
  useEffect(() => () => aborts.current.forEach((abort) => abort.abort()), []);
  return {
    files,
    busy: files.some(({ state }) => !('stored' in state)),
    add: (chosen: readonly File[]) => {
      const fresh = chosen.slice(0, Math.max(0, most - files.length)).map((file): Enclosure => ({
        key: nextKey++,
        file,
        preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : null,
        state: { progress: 0 },
      }));
      setFiles((before) => [...before, ...fresh]);
      fresh.forEach(begin);
    },
    again: (enclosure: Enclosure) => {
      change(enclosure.key, { progress: 0 });
      begin(enclosure);
    },
    remove: ({ key, preview }: Enclosure) => {
      aborts.current.get(key)?.abort();
      if (preview) URL.revokeObjectURL(preview);
      setFiles((before) => before.filter((other) => other.key !== key));
    },
    /** The stored files, which go with a message now. */
    take: (): Attachment[] => {
      files.forEach(({ preview }) => preview && URL.revokeObjectURL(preview));
      setFiles([]);
      return files.flatMap(({ state }) => ('stored' in state ? [state.stored] : []));
    },
  };
}

type Props = Pick<ReturnType<typeof useEnclosures>, 'files' | 'again' | 'remove'>;

/** What goes with the message, each with its picture, how far it is, and a way to take it out. */
export function Enclosures({ files, again, remove }: Props) {
  if (files.length === 0) return null;
  return (
    <ul class="enclosures">
      {files.map((enclosure) => {
        const { key, file, preview, state } = enclosure;
        return (
          <li key={key} class={'fault' in state ? 'bad' : ''}>
            {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
            <span class="enclosure-text">
              <span class="enclosure-name">{file.name}</span>
              {'progress' in state ? (
                <progress value={state.progress} aria-label={t.composer.uploading(file.name)} />
              ) : 'fault' in state ? (
                <small role="alert">
                  {state.fault}{' '}
                  <button type="button" class="link-button" onClick={() => again(enclosure)}>
                    {t.app.tryAgain}
                  </button>
                </small>
              ) : (
                <small>{fileSize(file.size)}</small>
              )}
            </span>
            <button type="button" class="icon-button small" aria-label={t.composer.removeFile(file.name)} onClick={() => remove(enclosure)}>
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
