/** The pages of posts: one part of the bundle. */
export { FeedPage } from './feed.js';
export { EditPostPage, NewPostPage } from './post-editor.js';
export { PostPage } from './post.js';
