export { PostErasure } from './post-erasure.js';
export { PostsReader } from './posts-reader.js';
export { postEntities, PostsModule } from './posts.module.js';
