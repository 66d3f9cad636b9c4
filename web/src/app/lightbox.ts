import type { Attachment } from '../api/wire.js';
import { Store } from '../store/store.js';

/** The pictures that are shown large, and which of them; null: none. */
export const lightbox = new Store<{ readonly pictures: readonly Attachment[]; readonly at: number } | null>(null);

export function showPicture(pictures: readonly Attachment[], at: number): void {
  lightbox.set({ pictures, at });
}

/** Goes on by so many pictures, around the ends. */
export function turnPicture(by: number): void {
  const shown = lightbox.get();
  if (!shown) return;
  const { length } = shown.pictures;
  lightbox.set({ ...shown, at: (shown.at + by + length) % length });
}

export function hidePicture(): void {
  lightbox.set(null);
}
