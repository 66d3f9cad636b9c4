import { z } from 'zod';
import { count, id, isoTime } from './fields.js';
import { attachment, author } from './shapes.js';

export const avatar = z
  .strictObject({
    id,
    active: z.boolean().meta({ description: 'whether it is the one that is shown' }),
    image: attachment,
    createdAt: isoTime,
  })
  .meta({ id: 'Avatar' });

/** Who sees an album: everybody who is signed in, friends, or its owner alone. */
export const albumVisibility = z.enum(['everyone', 'friends', 'me']);

export const album = z
  .strictObject({
    id,
    owner: author,
    name: z.string(),
    theme: z.string().nullable(),
    year: z.int().nullable(),
    visibility: albumVisibility,
    coverPhotoId: id.nullable().meta({ description: 'the photo chosen as cover' }),
    cover: attachment.nullable().meta({ description: 'the chosen cover, or else the newest photo' }),
    photoCount: count,
    createdAt: isoTime,
  })
  .meta({ id: 'Album' });

export const photo = z.strictObject({ id, album: id, image: attachment, createdAt: isoTime }).meta({ id: 'Photo' });

export type Avatar = z.output<typeof avatar>;
export type AlbumVisibility = z.output<typeof albumVisibility>;
export type Album = z.output<typeof album>;
export type Photo = z.output<typeof photo>;
