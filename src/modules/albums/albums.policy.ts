import type { AlbumVisibility } from '../../contracts/index.js';

/** How a reader stands to the owner of albums. `apart`: one of the two blocks the other. */
export type Closeness = 'self' | 'friend' | 'other' | 'apart';

/** Albums of a person, and photos of an album, at most. */
export const mostAlbums = 200;
export const mostPhotos = 500;

const visible: Record<Closeness, readonly AlbumVisibility[]> = {
  self: ['everyone', 'friends', 'me'],
  friend: ['everyone', 'friends'],
  other: ['everyone'],
  apart: [],
};

/** The kinds of albums that such a reader may see. */
export function visibleTo(closeness: Closeness): readonly AlbumVisibility[] {
  return visible[closeness];
}

export function maySee(closeness: Closeness, visibility: AlbumVisibility): boolean {
  return visible[closeness].includes(visibility);
}
