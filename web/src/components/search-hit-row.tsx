import type { ComponentChildren } from 'preact';
import type { SearchHit } from '../api/wire.js';
import { chat } from '../app/live.js';
import { authorName, roomPath, roomTitle } from '../text/names.js';
import { personPath, postPath, tagPath } from '../text/paths.js';
import { t } from '../texts/index.js';
import { AuthorAvatar, RoomAvatar } from './avatar.js';
import { Highlighted } from './highlighted.js';
import { Icon, type IconName } from './icon.js';
import { Link } from './link.js';
import { Time } from './time.js';
import { useStore } from './use-store.js';

/** One thing that was found, with the way to it. */
export function SearchHitRow({ hit, now }: { hit: SearchHit; now: number }) {
  const found = <Highlighted {...hit} />;
  switch (hit.kind) {
    case 'message':
      return <MessageHit message={hit.message} now={now} found={found} />;
    case 'post':
      return (
        <Row
          to={postPath(hit.post.id)}
          picture={<AuthorAvatar author={hit.post.author} />}
          head={authorName(hit.post.author)}
          at={<Time at={hit.post.createdAt} now={now} />}
        >
          {found}
        </Row>
      );
    case 'comment': {
      const { author } = hit.comment;
      return (
        <Row
          to={postPath(hit.comment.post)}
          picture={author ? <AuthorAvatar author={author} /> : <Sign name="chat" />}
          head={`${author ? authorName(author) : t.search.someone} · ${t.search.commented}`}
          at={<Time at={hit.comment.createdAt} now={now} />}
        >
          {found}
        </Row>
      );
    }
    case 'person':
      return <Row to={personPath(hit.person.username)} picture={<AuthorAvatar author={hit.person} />} head={found} />;
    case 'room':
      return (
        <Row to={roomPath(hit.room)} picture={<RoomAvatar room={hit.room} />} head={found}>
          {t.rooms.kinds[hit.room.kind]} · {t.admin.membersIn(hit.room.memberCount)}
        </Row>
      );
    case 'tag':
      return (
        <Row to={tagPath(hit.tag.name)} picture={<Sign name="hash" />} head={found}>
          {t.search.posts(hit.tag.postCount)}
        </Row>
      );
  }
}

function MessageHit({
  message,
  now,
  found,
}: {
  message: Extract<SearchHit, { kind: 'message' }>['message'];
  now: number;
  found: ComponentChildren;
}) {
  const room = useStore(chat, (state) => state.directory.byId[message.room]);
  const { author } = message;
  const name = author ? authorName(author) : t.search.someone;
  return (
    <Row
      to={room ? roomPath(room) : `/rooms/${message.room}`}
      state={{ seq: message.seq }}
      picture={author ? <AuthorAvatar author={author} /> : <Sign name="chat" />}
      head={room ? `${name} · ${t.search.inTheRoom(roomTitle(room))}` : name}
      at={<Time at={message.createdAt} now={now} />}
    >
      {found}
    </Row>
  );
}

function Sign({ name }: { name: IconName }) {
  return (
    <span class="avatar medium room-sign plain" aria-hidden="true">
      <Icon name={name} />
    </span>
  );
}

function Row({
  to,
  state,
  picture,
  head,
  at,
  children,
}: {
  to: string;
  state?: Record<string, unknown>;
  picture: ComponentChildren;
  head: ComponentChildren;
  at?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <li>
      <Link to={to} class="hit" {...(state && { state })}>
        {picture}
        <span class="hit-text">
          <span class="hit-head">
            <strong dir="auto">{head}</strong>
            {at && <small>{at}</small>}
          </span>
          {children && (
            <span class="hit-excerpt" dir="auto">
              {children}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
