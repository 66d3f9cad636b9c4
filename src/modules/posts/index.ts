export { postEntities, PostsModule } from './posts.module.js';
