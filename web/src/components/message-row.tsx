import { Component } from 'preact';
import type { Message } from '../api/wire.js';
import { toggleReaction } from '../app/message-actions.js';
import { authorName } from '../text/names.js';
import { personPath } from '../text/paths.js';
import { messageTime, t } from '../texts/index.js';
import { Attachments } from './attachments.js';
import { AuthorAvatar } from './avatar.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { LinkedText } from './linked-text.js';
import { PostLinks } from './post-links.js';
import { Quote } from './quote.js';
import { Time } from './time.js';

interface MessageRowProps {
  message: Message;
  /** Begins a group of one author: with name and picture. */
  leads: boolean;
  mine: boolean;
  /** Guests only read. */
  readOnly: boolean;
  now: number;
  /** Is being changed in the composer. */
  editing: boolean;
  /** Was looked for: it is pointed at. */
  found: boolean;
  /** Tab stops here; the arrow keys go to the others. */
  reachable: boolean;
}

/** One message. It renders again only when something in it changed, because a room may hold thousands. */
export class MessageRow extends Component<MessageRowProps> {
  override shouldComponentUpdate(next: MessageRowProps): boolean {
    const { message, leads, mine, readOnly, now, editing, found, reachable } = this.props;
    const timeChanged = leads && now !== next.now && messageTime(message.createdAt, now) !== messageTime(message.createdAt, next.now);
    return (
      message !== next.message ||
      leads !== next.leads ||
      mine !== next.mine ||
      readOnly !== next.readOnly ||
      editing !== next.editing ||
      found !== next.found ||
      reachable !== next.reachable ||
      timeChanged
    );
  }

  override render({ message, leads, mine, readOnly, now, editing, found, reachable }: MessageRowProps) {
    const { author } = message;
    if (message.kind === 'system') {
      return (
        <li class="coming-going" data-seq={message.seq}>
          {message.content}
        </li>
      );
    }
    const name = author ? authorName(author) : t.room.formerPerson;
    return (
      <li
        data-seq={message.seq}
        class={`message${leads ? ' leads' : ''}${mine ? ' mine' : ''}${editing ? ' editing' : ''}${found ? ' found' : ''}`}
      >
        {leads && author && <AuthorAvatar author={author} />}
        <div class="message-body">
          {leads ? (
            <p class="message-head">
              {author && !readOnly ? (
                <Link to={personPath(author.username)} class="author" tabIndex={reachable ? 0 : -1}>
                  {name}
                </Link>
              ) : (
                <strong class="author">{name}</strong>
              )}
              <Time at={message.createdAt} now={now} words={messageTime(message.createdAt, now)} />
            </p>
          ) : (
            <span class="visually-hidden">{name}: </span>
          )}
          {message.replyTo !== undefined && !message.deletedAt && <Quote id={message.replyTo} roomId={message.room} />}
          {message.deletedAt ? (
            <p key="gone" class="content gone">
              {t.room.deleted}
            </p>
          ) : (
            <p key="said" class="said" dir="auto">
              {message.content !== '' && (
                <span class="content">
                  <LinkedText text={message.content} />
                </span>
              )}
              {message.editedAt && (
                <small class="edited" title={t.time.full(message.editedAt)}>
                  {' '}
                  ({t.room.edited})
                </small>
              )}
            </p>
          )}
          {message.content.includes('/posts/') && <PostLinks text={message.content} />}
          {message.attachments.length > 0 && <Attachments of={message.attachments} />}
          {message.reactions.length > 0 && <Reactions message={message} readOnly={readOnly} />}
        </div>
        {!leads && (
          <time class="side-time" dateTime={message.createdAt} title={t.time.full(message.createdAt)}>
            {t.time.clock(message.createdAt)}
          </time>
        )}
        {!readOnly && !message.deletedAt && (
          <button
            type="button"
            class="message-actions"
            data-message={message.id}
            tabIndex={reachable ? 0 : -1}
            aria-haspopup="menu"
            aria-label={t.message.actions(name, t.time.clock(message.createdAt))}
          >
            <Icon name="more" />
          </button>
        )}
      </li>
    );
  }
}

function Reactions({ message, readOnly }: { message: Message; readOnly: boolean }) {
  return (
    <ul class="reactions" aria-label={t.message.reactions}>
      {message.reactions.map(({ emoji, count }) => {
        const isMine = message.mine?.includes(emoji) ?? false;
        return (
          <li key={emoji}>
            <button
              type="button"
              class={`reaction${isMine ? ' own' : ''}`}
              aria-pressed={isMine}
              aria-label={t.message.reacted(emoji, count, isMine)}
              disabled={readOnly}
              onClick={() => {
                toggleReaction(message, emoji).catch(() => undefined);
              }}
            >
              <span aria-hidden="true">{emoji}</span> {count}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
