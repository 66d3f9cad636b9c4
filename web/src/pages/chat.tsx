import { useEffect } from 'preact/hooks';
import { startChat } from '../app/chat.js';
import { chat } from '../app/live.js';
import { ConnectionBanner } from '../components/connection-banner.js';
import { Empty } from '../components/notice.js';
import { Lightbox } from '../components/lightbox.js';
import { Sidebar } from '../components/sidebar.js';
import { useStore } from '../components/use-store.js';
import { totalUnread } from '../store/directory.js';
import { t } from '../texts/index.js';
import { usePage } from './page.js';
import { RoomView } from './room.js';

/** Rooms beside the open one; on a phone one of the two. */
export function ChatPage({ reference }: { reference: string | null }) {
  useEffect(startChat, []);
  const openId = useStore(chat, (state) => state.open?.id ?? null);
  return (
    <div class={`chat${reference === null ? ' list-only' : ' room-only'}`}>
      <ConnectionBanner />
      <Sidebar openId={reference === null ? null : openId} />
      {reference === null ? <NoRoom /> : <RoomView key={reference} reference={reference} />}
      <Lightbox />
    </div>
  );
}

function NoRoom() {
  const unread = useStore(chat, (state) => totalUnread(state.directory));
  const heading = usePage(t.rooms.title, unread);
  return (
    <main id="main" class="room none">
      <h1 class="visually-hidden" ref={heading} tabIndex={-1}>
        {t.rooms.title}
      </h1>
      <Empty title={t.rooms.pickTitle} text={t.rooms.pickText} />
    </main>
  );
}
