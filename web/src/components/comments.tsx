import { useState } from 'preact/hooks';
import type { Comment, Post } from '../api/wire.js';
import { account, rest } from '../app/account.js';
import { toggleCommentEmoji, toggleCommentLike } from '../app/post-actions.js';
import { authorName } from '../text/names.js';
import { personPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { act } from './act.js';
import { AuthorAvatar } from './avatar.js';
import { CommentForm } from './comment-form.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { LinkedText } from './linked-text.js';
import { ListState } from './list-state.js';
import { Marks } from './marks.js';
import { ReportButton } from './report-button.js';
import { Time } from './time.js';
import { useComments } from './use-comments.js';
import { useNow, useStore } from './use-store.js';

interface CommentsProps {
  post: Post;
  /** Grows when what is shown has to be read again. */
  turn: number;
}

/** What people say of a post, with one level of answers. */
export function Comments({ post, turn }: CommentsProps) {
  const comments = useComments(post.id, null, turn);
  return (
    <section class="comments" aria-labelledby="comments-title">
      <h2 id="comments-title">{t.posts.comments(post.commentCount)}</h2>
      <ListState of={comments} empty={t.posts.noComments}>
        <ul class="comment-list" aria-live="polite" aria-relevant="additions">
          {comments.items?.map((comment) => (
            <CommentItem key={comment.id} comment={comment} post={post} turn={turn} onChange={comments.put} onAnswer={comments.arrive} />
          ))}
        </ul>
      </ListState>
      <CommentForm
        label={t.posts.commentLabel}
        button={t.posts.send}
        onSend={async (content) => {
          const { comment } = await rest.call('comments.create', { params: { id: post.id }, body: { content } });
          comments.arrive(comment, true);
        }}
      />
    </section>
  );
}

interface ItemProps extends CommentsProps {
  comment: Comment;
  onChange: (comment: Comment) => void;
  /** Somebody here answered. */
  onAnswer: (comment: Comment, mine: boolean) => void;
}

function CommentItem({ comment, post, turn, onChange, onAnswer }: ItemProps) {
  const [open, setOpen] = useState(false);
  const [answering, setAnswering] = useState(false);
  const { replyCount } = comment;
  return (
    <li class="comment-thread">
      <CommentBody comment={comment} post={post} onChange={onChange} onAnswer={() => setAnswering(true)} />
      {replyCount > 0 && (
        <button type="button" class="link-button answers-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.posts.hideAnswers : t.posts.answers(replyCount)}
        </button>
      )}
      {(open || answering) && (
        <Answers
          comment={comment}
          post={post}
          turn={turn}
          answering={answering}
          onAnswering={setAnswering}
          onAnswer={(answer) => {
            setOpen(true);
            onAnswer(answer, true);
          }}
        />
      )}
    </li>
  );
}

interface AnswersProps extends CommentsProps {
  comment: Comment;
  answering: boolean;
  onAnswering: (answering: boolean) => void;
  onAnswer: (answer: Comment) => void;
}

function Answers({ comment, post, turn, answering, onAnswering, onAnswer }: AnswersProps) {
  const answers = useComments(post.id, comment.id, turn);
  const name = comment.author ? authorName(comment.author) : t.room.formerPerson;
  return (
    <div class="answers">
      {(comment.replyCount > 0 || (answers.items?.length ?? 0) > 0) && (
        <ListState of={answers} empty={t.posts.noComments}>
          <ul class="comment-list" aria-label={t.posts.answersTo(name)}>
            {answers.items?.map((answer) => (
              <li key={answer.id}>
                <CommentBody comment={answer} post={post} onChange={answers.put} onAnswer={() => onAnswering(true)} />
              </li>
            ))}
          </ul>
        </ListState>
      )}
      {answering && (
        <CommentForm
          label={t.posts.answerLabel(name)}
          button={t.posts.send}
          autoFocus
          onCancel={() => onAnswering(false)}
          onSend={async (content) => {
            const made = await rest.call('comments.create', { params: { id: post.id }, body: { content, parentId: comment.id } });
            answers.arrive(made.comment, true);
            onAnswer(made.comment);
            onAnswering(false);
          }}
        />
      )}
    </div>
  );
}

interface BodyProps {
  comment: Comment;
  post: Post;
  onChange: (comment: Comment) => void;
  onAnswer: () => void;
}

function CommentBody({ comment, post, onChange, onAnswer }: BodyProps) {
  const { id, author, content, createdAt, editedAt, deletedAt } = comment;
  const now = useNow();
  const myId = useStore(account, (state) => (state.status === 'signed-in' ? state.me.id : null));
  const [doing, setDoing] = useState<'editing' | 'deleting' | null>(null);
  const name = author ? authorName(author) : t.room.formerPerson;
  const mine = author !== null && author.id === myId;
  if (deletedAt !== undefined) return <p class="comment gone">{t.posts.commentGone}</p>;
  return (
    <div class="comment">
      {author && <AuthorAvatar author={author} />}
      <div class="comment-body">
        <p class="message-head">
          {author ? (
            <Link to={personPath(author.username)} class="person-link">
              <strong>{name}</strong>
            </Link>
          ) : (
            <strong>{name}</strong>
          )}
          <Time at={createdAt} now={now} />
          {editedAt && <small title={t.time.full(editedAt)}>({t.room.edited})</small>}
        </p>
        {doing === 'editing' ? (
          <CommentForm
            label={t.posts.editComment}
            button={t.settings.save}
            initial={content}
            autoFocus
            onCancel={() => setDoing(null)}
            onSend={async (text) => {
              onChange((await rest.call('comments.update', { params: { id }, body: { content: text } })).comment);
              setDoing(null);
            }}
          />
        ) : (
          <p class="post-text" dir="auto">
            <LinkedText text={content} />
          </p>
        )}
        <div class="comment-foot">
          <Marks
            of={comment}
            name={t.posts.commentOf(name)}
            onLike={() => act(async () => onChange(await toggleCommentLike(comment)))}
            onEmoji={(emoji) => act(async () => onChange(await toggleCommentEmoji(comment, emoji)))}
          />
          <button type="button" class="link-button" aria-label={t.posts.answerTo(name)} onClick={onAnswer}>
            {t.posts.answer}
          </button>
          {author && !mine && <ReportButton of={{ kind: 'comment', id, what: content, owner: author }} name={name} />}
          {mine && (
            <button type="button" class="icon-button" aria-label={t.posts.editComment} onClick={() => setDoing('editing')}>
              <Icon name="edit" />
            </button>
          )}
          {(mine || post.author.id === myId) && (
            <button type="button" class="icon-button" aria-label={t.posts.deleteComment(name)} onClick={() => setDoing('deleting')}>
              <Icon name="bin" />
            </button>
          )}
        </div>
      </div>
      {doing === 'deleting' && (
        <Confirm
          title={t.posts.deleteCommentTitle}
          text={t.posts.deleteCommentText}
          action={t.message.delete}
          onNo={() => setDoing(null)}
          onYes={() => {
            setDoing(null);
            // The event takes it off the list, here as everywhere.
            act(() => rest.call('comments.delete', { params: { id } }));
          }}
        />
      )}
    </div>
  );
}
