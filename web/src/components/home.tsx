import { account } from '../app/account.js';
import { chat } from '../app/live.js';
import { personal } from '../app/personal.js';
import { sortedRooms, totalUnread } from '../store/directory.js';
import { t } from '../texts/index.js';
import { usePage } from '../pages/page.js';
import { RequestRow } from './friend-lists.js';
import { Link } from './link.js';
import { RoomLine } from './room-line.js';
import { useStore } from './use-store.js';

const few = 3;

/** What waits for a person who has just come: the latest requests and chats. */
export function Home() {
  const unread = useStore(chat, (state) => totalUnread(state.directory));
  const directory = useStore(chat, (state) => state.directory);
  const requests = useStore(personal, (state) => state.latestRequests) ?? [];
  const me = useStore(account, (state) => (state.status === 'signed-in' ? state.me : null));
  const heading = usePage(t.rooms.title, unread);
  const chats = sortedRooms(directory)
    .filter((room) => room.myRole !== null && room.lastMessage !== null)
    .slice(0, few);
  return (
    <main id="main" class="room none">
      <div class="home">
        <h1 ref={heading} tabIndex={-1}>
          {t.home.hello(me?.displayName || me?.username || '')}
        </h1>
        <p class="lead">{t.home.lead}</p>
        {requests.length > 0 && (
          <section class="home-requests">
            <h2>{t.home.requests}</h2>
            <ul class="person-rows">
              {requests.map((request) => (
                <RequestRow key={request.id} request={request} />
              ))}
            </ul>
            <Link to="/friends">{t.home.allRequests}</Link>
          </section>
        )}
        <section>
          <h2>{t.home.chats}</h2>
          {chats.length > 0 ? (
            <ul class="rooms">
              {chats.map((room) => (
                <li key={room.id}>
                  <RoomLine room={room} open={false} />
                </li>
              ))}
            </ul>
          ) : (
            <p>{t.home.noChats}</p>
          )}
          <div class="actions">
            <Link to="/rooms/lobby" class="button quiet small">
              {t.home.lobby}
            </Link>
            <Link to="/friends" class="button quiet small">
              {t.home.findPeople}
            </Link>
            <Link to="/feed" class="button quiet small">
              {t.home.feed}
            </Link>
          </div>
        </section>
      </div>
    </main>
  );
}
