import type { FeedFilter } from '../store/posts.js';
import { t } from '../texts/index.js';
import { Icon } from './icon.js';
import { ListState } from './list-state.js';
import { PostCard } from './post-card.js';
import { useFeed } from './use-feed.js';

/** A feed: what is new waits in a bar above it. */
export function PostList({ filter, empty, emptyText }: { filter: FeedFilter; empty: string; emptyText?: string }) {
  const feed = useFeed(filter);
  return (
    <>
      <div role="status" class="news-place">
        {feed.waiting.length > 0 && (
          <button
            type="button"
            class="news-bar"
            onClick={() => {
              feed.showWaiting();
              // The bar goes, and the focus with it: on to the first of what was asked for.
              requestAnimationFrame(() => document.querySelector<HTMLElement>('.posts .post h2 a')?.focus());
            }}
          >
            <Icon name="up" />
            {t.posts.news(feed.waiting.length)}
          </button>
        )}
      </div>
      <ListState of={feed} empty={empty} {...(emptyText && { emptyText })}>
        <div class="posts">
          {feed.items?.map((post) => (
            <PostCard key={post.id} post={post} onChange={feed.put} onGone={() => feed.drop(post.id)} />
          ))}
        </div>
      </ListState>
    </>
  );
}
