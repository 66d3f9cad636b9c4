import { useEffect, useRef, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Attachment } from '../api/wire.js';
import { upload } from '../app/uploads.js';
import { faultText } from '../texts/index.js';

/** A picture of something that is being written. */
export interface ChosenPicture {
  key: number;
  name: string;
  /** An address of the picture, within this page until it is stored. */
  preview: string;
  /** Absent: it was stored before. */
  file?: File;
  /** 0 to 1 while it is on its way; the stored file afterwards; or why that failed. */
  state: { progress: number } | { stored: Attachment } | { fault: string };
}

let nextKey = 1;

/** Pictures in an order that can be changed; new ones are sent to the server as soon as they are chosen. @param most so many at most */
export function usePictures(before: readonly Attachment[], most: number) {
  const [pictures, setPictures] = useState<readonly ChosenPicture[]>(() =>
    before.map((stored) => ({
      key: nextKey++,
      name: stored.name,
      preview: stored.sizes.thumbnail ?? stored.sizes.full!,
      state: { stored },
    })),
  );
  const aborts = useRef(new Map<number, AbortController>());
  const latest = useRef(pictures);
  latest.current = pictures;
  useEffect(
    () => () => {
      aborts.current.forEach((abort) => abort.abort());
      latest.current.forEach(forget);
    },
    [],
  );
  const change = (key: number, state: ChosenPicture['state']) =>
    setPictures((all) => all.map((other) => (other.key === key ? { ...other, state } : other)));
  const begin = ({ key, file }: ChosenPicture) => {
    if (!file) return;
    const abort = new AbortController();
    aborts.current.set(key, abort);
    upload(file, (progress) => change(key, { progress }), abort.signal).then(
      (stored) => change(key, { stored }),
      (error: unknown) => {
        if (!abort.signal.aborted) change(key, { fault: faultText(toFault(error)) });
      },
    );
  };
  return {
    pictures,
    left: most - pictures.length,
    busy: pictures.some(({ state }) => !('stored' in state)),
    ids: pictures.flatMap(({ state }) => ('stored' in state ? [state.stored.id] : [])),
    add: (files: readonly File[]) => {
      const fresh = files
        .filter(({ type }) => type.startsWith('image/'))
        .slice(0, Math.max(0, most - pictures.length))
        .map((file): ChosenPicture => ({
          key: nextKey++,
          name: file.name,
          preview: URL.createObjectURL(file),
          file,
          state: { progress: 0 },
        }));
      setPictures((all) => [...all, ...fresh]);
      fresh.forEach(begin);
    },
    again: (picture: ChosenPicture) => {
      change(picture.key, { progress: 0 });
      begin(picture);
    },
    remove: (picture: ChosenPicture) => {
      aborts.current.get(picture.key)?.abort();
      forget(picture);
      setPictures((all) => all.filter(({ key }) => key !== picture.key));
    },
    /** Puts a picture at another place. */
    move: (from: number, to: number) => {
      if (to < 0 || to >= pictures.length || from === to) return;
      const all = [...pictures];
      all.splice(to, 0, ...all.splice(from, 1));
      setPictures(all);
    },
  };
}

function forget({ preview, file }: ChosenPicture): void {
  if (file) URL.revokeObjectURL(preview);
}
