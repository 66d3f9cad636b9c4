import { useEffect, useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Message, Post } from '../api/wire.js';
import { account, rest } from '../app/account.js';
import { navigate, place } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { Link } from '../components/link.js';
import { Empty, Spinner } from '../components/notice.js';
import { PostForm } from '../components/post-form.js';
import { useStore } from '../components/use-store.js';
import { postPath } from '../text/paths.js';
import { faultText, t } from '../texts/index.js';
import { FramedPage } from './frame.js';

/** A new post; with a message in the history entry's `sharedMessage`, one that shows it. */
export function NewPostPage() {
  const { sharedMessage: id, tag } = place.get().state;
  const [message, setMessage] = useState<Message | null | 'loading'>(typeof id === 'string' ? 'loading' : null);
  useEffect(() => {
    if (typeof id !== 'string') return;
    rest.call('messages.get', { params: { id } }).then(
      (answer) => setMessage(answer.message),
      (error: unknown) => {
        setMessage(null);
        toast(faultText(toFault(error)), 'bad');
      },
    );
  }, []);
  return (
    <FramedPage area="feed" title={t.posts.newTitle}>
      {message === 'loading' ? (
        <Spinner label={t.app.loading} />
      ) : (
        <PostForm
          sharedMessage={message}
          tags={typeof tag === 'string' ? [tag] : []}
          onDone={(post) => {
            toast(t.posts.published);
            navigate(postPath(post.id), { replace: true });
          }}
          onCancel={() => navigate('/feed', { replace: true })}
        />
      )}
    </FramedPage>
  );
}

/** Changes one's own post. */
export function EditPostPage({ id }: { id: string }) {
  const [post, setPost] = useState<Post | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const myId = useStore(account, (state) => (state.status === 'signed-in' ? state.me.id : null));
  useEffect(() => {
    rest.call('posts.get', { params: { id } }).then(
      (answer) => setPost(answer.post),
      (error: unknown) => setFault(faultText(toFault(error))),
    );
  }, [id]);
  const refusal = fault ?? (post && post.author.id !== myId ? t.faults['post.forbidden'] : null);
  return (
    <FramedPage area="feed" title={t.posts.editTitle}>
      {refusal ? (
        <Empty title={t.posts.goneTitle} text={refusal}>
          <Link to="/feed" class="button primary">
            {t.posts.toFeed}
          </Link>
        </Empty>
      ) : post ? (
        <PostForm
          post={post}
          onDone={(changed) => navigate(postPath(changed.id), { replace: true })}
          onCancel={() => navigate(postPath(id), { replace: true })}
        />
      ) : (
        <Spinner label={t.app.loading} />
      )}
    </FramedPage>
  );
}
