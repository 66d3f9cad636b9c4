import { useEffect } from 'preact/hooks';
import { startChat } from '../app/chat.js';
import { account } from '../app/account.js';
import { chat } from '../app/live.js';
import { startPersonal } from '../app/personal.js';
import { ConnectionBanner } from '../components/connection-banner.js';
import { Home } from '../components/home.js';
import { Lazy } from '../components/lazy.js';
import { MainNav } from '../components/main-nav.js';
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
  useEffect(startPersonal, []);
  const signedIn = useStore(account, (state) => state.status === 'signed-in');
  const openId = useStore(chat, (state) => state.open?.id ?? null);
  return (
    <div class={`chat${reference === null ? ' list-only' : ' room-only'}`}>
      <ConnectionBanner />
      <MainNav area="rooms" />
      <Sidebar openId={reference === null ? null : openId} />
      {reference === null ? signedIn ? <Home /> : <NoRoom /> : <RoomView key={reference} reference={reference} />}
      <Lightbox />
      <FirstVisitGate />
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

const firstVisit = async () => (await import('../components/first-visit.js')).FirstVisit;

/** Somebody who is here for the first time is asked for their names; nobody else loads the code of it. */
function FirstVisitGate() {
  const isNew = useStore(account, (state) => state.status === 'signed-in' && !state.me.profileCompleted);
  return isNew ? <Lazy load={firstVisit} props={{}} onFail={() => undefined} /> : null;
}
