import type { Room } from '../api/wire.js';
import { chat } from '../app/live.js';
import { authorName, roomPath, roomTitle } from '../text/names.js';
import { listTime, t } from '../texts/index.js';
import { RoomAvatar } from './avatar.js';
import { Link } from './link.js';
import { excerpt } from './quote.js';
import { Time } from './time.js';
import { useNow, useStore } from './use-store.js';

/** A room in a list: its name, its last words, and what is unread. */
export function RoomLine({ room, open }: { room: Room; open: boolean }) {
  const now = useNow();
  const { lastMessage, unreadCount } = room;
  const unread = room.myRole !== null && unreadCount > 0 && !open;
  const mentioned = room.myRole !== null && room.mentionCount > 0 && !open;
  return (
    <Link to={roomPath(room)} class={`room-line${unread ? ' unread' : ''}`} current={open}>
      <RoomAvatar room={room} />
      <span class="room-line-text">
        <span class="room-line-top">
          <span class="room-line-name">{roomTitle(room)}</span>
          {lastMessage && (
            <span class="room-line-time">
              <Time at={lastMessage.createdAt} now={now} words={listTime(lastMessage.createdAt, now)} />
            </span>
          )}
        </span>
        <span class="room-line-bottom">
          <LastWords room={room} />
          {room.onlineCount > 0 && (
            <span class="online" title={t.rooms.online(room.onlineCount)}>
              <span class="dot" aria-hidden="true" />
              <span class="visually-hidden">{t.rooms.online(room.onlineCount)}</span>
              <span aria-hidden="true">{room.onlineCount}</span>
            </span>
          )}
          {mentioned && (
            <span class="badge mention-badge">
              <span aria-hidden="true">@</span>
              <span class="visually-hidden">{t.rooms.mentions(room.mentionCount)}</span>
            </span>
          )}
          {unread && (
            <span class="badge">
              <span aria-hidden="true">{t.rooms.unreadBadge(unreadCount)}</span>
              <span class="visually-hidden">{t.rooms.unread(unreadCount)}</span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

function LastWords({ room }: { room: Room }) {
  const myId = useStore(chat, (state) => state.myId);
  const { lastMessage: last } = room;
  if (!last) return <span class="last-words">{t.rooms.nothingYet}</span>;
  const words = last.hidden ? '…' : last.deletedAt ? t.rooms.deleted : excerpt(last);
  const mine = last.author?.id === myId;
  // Between two people it is clear who the other one is.
  const name = mine ? t.rooms.you : room.kind === 'direct' || !last.author ? null : authorName(last.author);
  return <span class="last-words">{name ? t.rooms.said(name, words) : words}</span>;
}
