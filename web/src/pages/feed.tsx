import { useEffect, useState } from 'preact/hooks';
import type { Tag } from '../api/wire.js';
import { rest } from '../app/account.js';
import { navigate, place } from '../app/router.js';
import { Icon } from '../components/icon.js';
import { Link } from '../components/link.js';
import { PostList } from '../components/post-list.js';
import { Tabs } from '../components/tabs.js';
import { useStore } from '../components/use-store.js';
import { tagPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { FramedPage } from './frame.js';

const offeredTags = 16;

/** What people publish: everybody, friends, or one tag (`?tag=`). */
export function FeedPage() {
  const search = useStore(place, (here) => here.search);
  const query = new URLSearchParams(search);
  const tag = query.get('tag')?.slice(0, 50) ?? '';
  const feed = query.get('feed') === 'friends' ? ('friends' as const) : ('all' as const);
  return (
    <FramedPage
      area="feed"
      title={tag ? t.posts.tagTitle(tag) : t.posts.title}
      head={(heading) => (
        <header class="feed-head">
          {heading}
          <Link to="/posts/new" class="button primary small" {...(tag && { state: { tag } })}>
            <Icon name="plus" />
            {t.posts.write}
          </Link>
        </header>
      )}
    >
      {tag ? (
        <p class="way-back">
          <Link to="/feed">
            <Icon name="back" />
            {t.posts.everything}
          </Link>
        </p>
      ) : (
        <TagRow />
      )}
      {tag ? (
        <PostList key={`tag ${tag}`} filter={{ kind: 'tag', tag }} empty={t.posts.none} emptyText={t.posts.noneText} />
      ) : (
        <Tabs
          label={t.posts.title}
          tabs={[
            { key: 'all' as const, title: t.posts.all },
            { key: 'friends' as const, title: t.posts.friends },
          ]}
          current={feed}
          onTab={(key) => navigate(key === 'all' ? '/feed' : '/feed?feed=friends', { replace: true })}
        >
          <PostList
            key={feed}
            filter={{ kind: feed }}
            empty={t.posts.none}
            emptyText={feed === 'friends' ? t.posts.noneOfFriends : t.posts.noneText}
          />
        </Tabs>
      )}
    </FramedPage>
  );
}

/** The topics that there are. */
function TagRow() {
  const [tags, setTags] = useState<readonly Tag[]>([]);
  useEffect(() => {
    rest.call('tags.list', { query: { limit: offeredTags } }).then(
      ({ items }) => setTags(items),
      () => undefined,
    );
  }, []);
  return (
    <ul class="post-tags tag-row" aria-label={t.posts.tags}>
      {tags.map(({ name }) => (
        <li key={name}>
          <Link to={tagPath(name)} class="tag">
            #{name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
