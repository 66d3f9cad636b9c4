import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Message, Post } from '../api/wire.js';
import { account } from '../app/account.js';
import { showPicture } from '../app/lightbox.js';
import { deletePost, togglePostEmoji, togglePostLike } from '../app/post-actions.js';
import { toast } from '../app/toasts.js';
import { authorName } from '../text/names.js';
import { personPath, postPath, siteOf, tagPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { Attachments } from './attachments.js';
import { AuthorAvatar } from './avatar.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { LinkedText } from './linked-text.js';
import { Marks } from './marks.js';
import { ReportButton } from './report-button.js';
import { Time } from './time.js';
import { useNow, useStore } from './use-store.js';

interface PostCardProps {
  post: Post;
  /** In place of the title with its link: the heading of the page. */
  heading?: VNode;
  onChange: (post: Post) => void;
  onGone: () => void;
  /** Further things that one can do. */
  children?: ComponentChildren;
}

/** So many letters stand in a list; the whole text is a click away. */
const shortened = 600;

/** A post with what belongs to it. In a list its text is shortened. */
export function PostCard({ post, heading, onChange, onGone, children }: PostCardProps) {
  const { id, author, title, tags, createdAt, editedAt, commentCount, viewCount } = post;
  const myId = useStore(account, (state) => (state.status === 'signed-in' ? state.me.id : null));
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const cut = !heading && post.content.length > shortened;
  return (
    <article class="post" aria-label={title}>
      <header class="post-head">
        <Link to={personPath(author.username)} class="person-link">
          <AuthorAvatar author={author} />
          <strong>{authorName(author)}</strong>
        </Link>
        <small>
          <Time at={createdAt} now={now} />
          {editedAt && <span title={t.time.full(editedAt)}> ({t.room.edited})</span>}
        </small>
        {author.id !== myId && (
          <span class="row-actions">
            <ReportButton of={{ kind: 'post', id, what: title, owner: author }} name={title} />
          </span>
        )}
        {author.id === myId && (
          <span class="row-actions">
            <Link to={`${postPath(id)}/edit`} class="icon-button" label={t.posts.edit(title)}>
              <Icon name="edit" />
            </Link>
            <button type="button" class="icon-button" aria-label={t.posts.delete(title)} onClick={() => setAsking(true)}>
              <Icon name="bin" />
            </button>
          </span>
        )}
      </header>
      {heading ?? (
        <h2 dir="auto">
          <Link to={postPath(id)}>{title}</Link>
        </h2>
      )}
      {post.content !== '' && (
        <p class="post-text" dir="auto">
          <LinkedText text={cut ? `${post.content.slice(0, shortened).trimEnd()}…` : post.content} />
          {cut && (
            <>
              {' '}
              <Link to={postPath(id)} label={t.posts.readOf(title)}>
                {t.posts.read}
              </Link>
            </>
          )}
        </p>
      )}
      <PostPictures post={post} />
      {post.sharedMessage && <SharedMessage message={post.sharedMessage} now={now} />}
      {post.link !== null && (
        <a class="link-card" href={post.link} target="_blank" rel="noopener noreferrer nofollow">
          <Icon name="open" />
          <span>
            <strong>{siteOf(post.link)}</strong>
            <small>{post.link}</small>
          </span>
        </a>
      )}
      {post.links.length > 0 && (
        <ul class="post-links" aria-label={t.posts.links}>
          {post.links.map(({ id: linkId, url }) => (
            <li key={linkId}>
              <a href={url} target="_blank" rel="noopener noreferrer nofollow">
                {url}
              </a>
            </li>
          ))}
        </ul>
      )}
      {tags.length > 0 && (
        <ul class="post-tags" aria-label={t.posts.tags}>
          {tags.map((tag) => (
            <li key={tag}>
              <Link to={tagPath(tag)} class="tag">
                #{tag}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <footer class="post-foot">
        <Marks
          of={post}
          name={title}
          onLike={() => act(async () => onChange(await togglePostLike(post)))}
          onEmoji={(emoji) => act(async () => onChange(await togglePostEmoji(post, emoji)))}
        />
        <span class="post-counts">
          <Link to={postPath(id)} class="mark" label={t.posts.commentsOf(title, commentCount)}>
            <Icon name="chat" />
            <span aria-hidden="true">{t.posts.number(commentCount)}</span>
          </Link>
          <span class="mark" title={t.posts.views(viewCount)}>
            <Icon name="eye" />
            <span aria-hidden="true">{t.posts.number(viewCount)}</span>
            <span class="visually-hidden">{t.posts.views(viewCount)}</span>
          </span>
          {children}
        </span>
      </footer>
      {asking && (
        <Confirm
          title={t.posts.deleteTitle}
          text={t.posts.deleteText}
          action={t.message.delete}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            act(async () => {
              await deletePost(id);
              toast(t.posts.deleted);
              onGone();
            });
          }}
        />
      )}
    </article>
  );
}

/** Up to nine pictures in their order: one in its proportions, more of them as tiles. */
function PostPictures({ post: { images, title } }: { post: Post }) {
  if (images.length === 0) return null;
  return (
    <ul class={`post-pictures${images.length === 1 ? ' one' : ''}`} aria-label={t.posts.pictures}>
      {images.map((picture, at) => (
        <li key={picture.id}>
          <button
            type="button"
            class="picture"
            aria-label={t.posts.picture(at + 1, images.length, title)}
            onClick={() => showPicture(images, at)}
          >
            <img
              src={picture.sizes.medium ?? picture.sizes.full}
              alt=""
              width={picture.width ?? undefined}
              height={picture.height ?? undefined}
              loading="lazy"
              decoding="async"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A message that a post shows, as it is now. */
export function SharedMessage({ message, now }: { message: Message; now: number }) {
  const { author, content, deletedAt, createdAt, attachments } = message;
  return (
    <blockquote class="shared-message">
      <p class="message-head">
        <strong>{author ? authorName(author) : t.room.formerPerson}</strong> <Time at={createdAt} now={now} />
      </p>
      {deletedAt ? (
        <p class="gone">{t.room.deleted}</p>
      ) : (
        <>
          {content !== '' && (
            <p class="post-text" dir="auto">
              <LinkedText text={content} />
            </p>
          )}
          {attachments.length > 0 && <Attachments of={attachments} />}
        </>
      )}
    </blockquote>
  );
}
