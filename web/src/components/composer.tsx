import type { Room } from '../api/wire.js';
import { chat } from '../app/live.js';
import { place } from '../app/router.js';
import { t } from '../texts/index.js';
import { Link } from './link.js';
import { NewMessage } from './new-message.js';
import { Rewriting } from './rewriting.js';
import { useStore } from './use-store.js';

/** Where one writes, or why one cannot. */
export function Composer({ room }: { room: Room }) {
  const myId = useStore(chat, (state) => state.myId);
  if (myId === null) {
    return (
      <div class="composer-closed">
        <p>{t.composer.guest}</p>
        <Link to="/login" class="button primary small" state={{ next: place.get().path }}>
          {t.composer.logIn}
        </Link>
        <Link to="/register" class="button quiet small">
          {t.composer.register}
        </Link>
      </div>
    );
  }
  if (room.archived) return <div class="composer-closed">{t.faults['room.archived']}</div>;
  if (room.posting === 'admins' && room.myRole !== 'owner' && room.myRole !== 'admin') {
    return <div class="composer-closed">{t.composer.readOnly}</div>;
  }
  return <Writing key={room.id} room={room} />;
}

function Writing({ room }: { room: Room }) {
  const editing = useStore(chat, ({ open, logs }) => {
    const id = open?.editing;
    return id ? logs[room.id]?.items.find((message) => message.id === id && !message.deletedAt) : undefined;
  });
  return editing ? <Rewriting key={editing.id} message={editing} /> : <NewMessage room={room} />;
}
