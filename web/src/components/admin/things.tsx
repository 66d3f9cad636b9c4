import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AdminRoom, CallReply, Message } from '../../api/wire.js';
import { rest } from '../../app/account.js';
import { authorName, roomPath } from '../../text/names.js';
import { postPath } from '../../text/paths.js';
import { relativeTime, t } from '../../texts/index.js';
import { Field } from '../field.js';
import { Link } from '../link.js';
import { ListState } from '../list-state.js';
import { excerpt } from '../quote.js';
import { Time } from '../time.js';
import { usePages } from '../use-list.js';
import { useSettled } from '../use-settled.js';
import { useNow } from '../use-store.js';
import { RemoveDialog, type Removed } from './remove-dialog.js';

type AdminPost = CallReply<'admin.posts.list'>['items'][number];

/** Rooms of every kind but direct ones, by the beginning of their names. */
export function RoomList() {
  const [typed, setTyped] = useState('');
  const query = useSettled(typed.trim());
  const pages = usePages<AdminRoom>(
    (cursor) => rest.call('admin.rooms.list', { query: { limit: 30, ...(query && { query }), ...(cursor && { cursor }) } }),
    [query],
  );
  const now = useNow();
  return (
    <>
      <div class="filters">
        <Field label={t.admin.findRooms} name="rooms" type="search" value={typed} onValue={setTyped} autoComplete="off" maxLength={128} />
      </div>
      <Removable pages={pages} empty={t.admin.noRooms}>
        {(remove) =>
          pages.items?.map((room) => (
            <Thing
              key={room.id}
              onRemove={() => remove({ kind: 'room', id: room.id, what: room.title || room.name })}
              name={room.title || room.name}
            >
              <Link to={roomPath({ id: room.id, name: room.name, kind: 'public' })} class="strong-link">
                {room.title || room.name}
              </Link>
              <small>
                {t.rooms.kinds[room.kind === 'private' ? 'private' : 'public']} · {t.admin.membersIn(room.memberCount)} ·{' '}
                {t.admin.messagesIn(room.messageCount)} · {t.admin.lastActive(relativeTime(room.lastActivityAt, now))}
              </small>
            </Thing>
          ))
        }
      </Removable>
    </>
  );
}

/** Messages of public rooms, the newest first, by author. */
export function MessageList() {
  const [typed, setTyped] = useState('');
  const author = useSettled(typed.trim().replace(/^@/, ''));
  const pages = usePages<Message>(
    (cursor) => rest.call('admin.messages.list', { query: { limit: 30, ...(author && { author }), ...(cursor && { cursor }) } }),
    [author],
  );
  const now = useNow();
  return (
    <>
      <AuthorFilter value={typed} onValue={setTyped} />
      <Removable pages={pages} empty={t.admin.noMessages}>
        {(remove) =>
          pages.items?.map((message) => (
            <Thing
              key={message.id}
              name={excerpt(message)}
              onRemove={() => remove({ kind: 'message', id: message.id, what: excerpt(message) })}
            >
              <small>
                <strong>{message.author ? authorName(message.author) : t.room.formerPerson}</strong> ·{' '}
                <Time at={message.createdAt} now={now} />
              </small>
              <Link to={`/rooms/${message.room}`} state={{ seq: message.seq }} class="thing-text">
                {excerpt(message)}
              </Link>
            </Thing>
          ))
        }
      </Removable>
    </>
  );
}

/** Posts, the newest first, by author. */
export function PostList() {
  const [typed, setTyped] = useState('');
  const author = useSettled(typed.trim().replace(/^@/, ''));
  const pages = usePages<AdminPost>(
    (cursor) => rest.call('admin.posts.list', { query: { limit: 30, ...(author && { author }), ...(cursor && { cursor }) } }),
    [author],
  );
  const now = useNow();
  return (
    <>
      <AuthorFilter value={typed} onValue={setTyped} />
      <Removable pages={pages} empty={t.admin.noPosts}>
        {(remove) =>
          pages.items?.map((post) => (
            <Thing
              key={post.id}
              name={post.title}
              onRemove={() => remove({ kind: 'post', id: post.id, what: `${post.title}\n${post.content}` })}
            >
              <small>
                <strong>{authorName(post.author)}</strong> · <Time at={post.createdAt} now={now} />
              </small>
              <Link to={postPath(post.id)} class="strong-link">
                {post.title}
              </Link>
              <span class="thing-text">{post.content}</span>
            </Thing>
          ))
        }
      </Removable>
    </>
  );
}

function AuthorFilter({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  return (
    <div class="filters">
      <Field label={t.admin.author} name="author" type="search" value={value} onValue={onValue} autoComplete="off" maxLength={64} />
    </div>
  );
}

function Thing({ name, onRemove, children }: { name: string; onRemove: () => void; children: ComponentChildren }) {
  return (
    <li class="person-row thing">
      <span class="member-text wrapping" dir="auto">
        {children}
      </span>
      <span class="row-actions">
        <button type="button" class="button quiet small" aria-label={t.admin.removeOf(name.slice(0, 80))} onClick={onRemove}>
          {t.admin.remove}
        </button>
      </span>
    </li>
  );
}

/** A list whose things can be removed, with a reason. */
function Removable<T extends { id: string }>({
  pages,
  empty,
  children,
}: {
  pages: ReturnType<typeof usePages<T>>;
  empty: string;
  children: (remove: (thing: Removed) => void) => ComponentChildren;
}) {
  const [removing, setRemoving] = useState<Removed | null>(null);
  return (
    <>
      <ListState of={pages} empty={empty}>
        <ul class="person-rows">{children(setRemoving)}</ul>
      </ListState>
      {removing && (
        <RemoveDialog
          of={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            pages.change((items) => items.filter(({ id }) => id !== removing.id));
            setRemoving(null);
          }}
        />
      )}
    </>
  );
}
