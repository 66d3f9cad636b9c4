import type { Room } from '../api/wire.js';
import { chat } from '../app/live.js';
import type { RoomLog } from '../store/room-log.js';
import { authorName } from '../text/names.js';
import { t } from '../texts/index.js';
import { useStore } from './use-store.js';

/** Under one's own last message: who has read it, as far as it was told while this page was open. */
export function SeenBy({ room, log }: { room: Room; log: RoomLog }) {
  const readBy = useStore(chat, (state) => state.readBy[room.id]);
  const myId = useStore(chat, (state) => state.myId);
  const last = log.items.at(-1);
  if (!readBy || !last || last.author?.id !== myId || log.pending.length > 0) return null;
  const names = new Map(log.items.flatMap(({ author }) => (author ? [[author.id, authorName(author)] as const] : [])));
  if (room.peer) names.set(room.peer.id, authorName(room.peer));
  const readers = Object.keys(readBy).filter((id) => (readBy[id] ?? 0) >= last.seq);
  if (readers.length === 0) return null;
  const known = readers.flatMap((id) => names.get(id) ?? []);
  return (
    <p class="seen-by">
      {room.kind === 'direct' ? t.room.seen : t.room.seenBy(known.slice(0, 3), readers.length - Math.min(3, known.length))}
    </p>
  );
}
