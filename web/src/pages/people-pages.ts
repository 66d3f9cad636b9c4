/** The pages of a person and of albums: one part of the bundle. */
export { AlbumPage } from './album.js';
export { PersonPage } from './person.js';
