export { AlbumsModule } from './albums.module.js';
export { AlbumsService } from './albums.service.js';
