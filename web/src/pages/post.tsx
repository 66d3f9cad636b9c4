import { useEffect, useState } from 'preact/hooks';
import { type Fault, toFault } from '../api/fault.js';
import type { Post } from '../api/wire.js';
import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import { navigate } from '../app/router.js';
import { watchPost } from '../app/watching.js';
import { Comments } from '../components/comments.js';
import { Icon } from '../components/icon.js';
import { Link } from '../components/link.js';
import { Empty, Spinner } from '../components/notice.js';
import { PostCard } from '../components/post-card.js';
import { countPost, putPost, renamePostAuthor, withoutAuthor } from '../store/posts.js';
import { faultText, t } from '../texts/index.js';
import { FramedPage } from './frame.js';

/** One post, live: its text, marks and comments. */
export function PostPage({ id }: { id: string }) {
  const [post, setPost] = useState<Post | 'gone' | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let here = true;
    const again = () => {
      rest.call('posts.get', { params: { id } }).then(
        (answer) => {
          if (here) setPost(answer.post);
        },
        (error: unknown) => {
          if (here) setFault(toFault(error));
        },
      );
    };
    const change = (task: (posts: readonly Post[]) => readonly Post[]) =>
      setPost((before) => (before === null || before === 'gone' ? before : (task([before])[0] ?? 'gone')));
    again();
    const ends = [
      watchPost(id, () => {
        again();
        setTurn((before) => before + 1);
      }),
      socket.on('post.updated', ({ post: told }) => change((posts) => putPost(posts, told))),
      socket.on('post.counters', (counters) => change((posts) => countPost(posts, counters))),
      socket.on('post.deleted', ({ post: gone }) => change((posts) => posts.filter((held) => held.id !== gone))),
      socket.on('user.updated', ({ user }) => change((posts) => renamePostAuthor(posts, user))),
      socket.on('block.added', ({ block }) => change((posts) => withoutAuthor(posts, block.user.id))),
    ];
    return () => {
      here = false;
      ends.forEach((end) => end());
    };
  }, [id]);

  const isGone = post === 'gone' || fault?.code === 'post.not-found';
  if (isGone || (fault && !post)) {
    const title = isGone ? t.posts.goneTitle : t.posts.one;
    return (
      <FramedPage key="gone" area="feed" title={title}>
        <Empty title={title} text={isGone ? t.posts.goneText : faultText(fault!)}>
          <Link to="/feed" class="button primary">
            {t.posts.toFeed}
          </Link>
        </Empty>
      </FramedPage>
    );
  }
  if (!post) {
    return (
      <FramedPage key="loading" area="feed" title={t.posts.one}>
        <Spinner label={t.app.loading} />
      </FramedPage>
    );
  }
  return (
    <FramedPage
      key="post"
      area="feed"
      title={post.title}
      head={(heading) => (
        <>
          <p class="way-back">
            <Link to="/feed">
              <Icon name="back" />
              {t.posts.toFeed}
            </Link>
          </p>
          <PostCard post={post} heading={heading} onChange={setPost} onGone={() => navigate('/feed', { replace: true })} />
        </>
      )}
    >
      <Comments post={post} turn={turn} />
    </FramedPage>
  );
}
