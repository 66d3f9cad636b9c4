import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Room } from '../api/wire.js';
import { account } from '../app/account.js';
import { chat } from '../app/live.js';
import { refreshRooms, searchRooms } from '../app/room-list.js';
import { navigate } from '../app/router.js';
import { findRoom, matchingRooms, sortedRooms } from '../store/directory.js';
import { roomPath } from '../text/names.js';
import { isRoomName, toRoomName } from '../text/rules.js';
import { faultText, t } from '../texts/index.js';
import { Avatar } from './avatar.js';
import { CreateDialog } from './create-dialog.js';
import { Icon, Logo } from './icon.js';
import { Link } from './link.js';
import { LogOutButton } from './log-out.js';
import { Empty, Notice, Spinner } from './notice.js';
import { RoomLine } from './room-line.js';
import { useStore } from './use-store.js';

/** The rooms: find, enter, begin; and one's account below. */
export function Sidebar({ openId }: { openId: string | null }) {
  const directory = useStore(chat, (state) => state.directory);
  const fault = useStore(chat, (state) => state.directoryFault);
  const onlineTotal = useStore(chat, (state) => state.onlineTotal);
  const signedIn = useStore(account, (state) => state.status === 'signed-in');
  const [query, setQuery] = useState('');
  const [creating, setCreating] = useState(false);
  const rooms = useMemo(() => matchingRooms(sortedRooms(directory), query), [directory, query]);
  const name = toRoomName(query);
  const exact = name === '' ? undefined : findRoom(directory, name);

  useEffect(() => {
    if (query.trim().length < 2) return undefined;
    const timer = setTimeout(() => {
      searchRooms(query.trim()).catch(() => undefined);
    }, 300);
    return () => clearTimeout(timer);
  }, [query]);

  const enter = () => {
    if (exact) navigate(roomPath(exact));
    else if (signedIn && isRoomName(name)) navigate(`/rooms/${encodeURIComponent(name)}`);
    else if (rooms[0]) navigate(roomPath(rooms[0]));
    else return;
    setQuery('');
  };
  const mine = rooms.filter((room) => room.myRole !== null);
  const others = rooms.filter((room) => room.myRole === null);

  return (
    <nav class="sidebar" aria-label={t.rooms.nav}>
      <header class="sidebar-head">
        <Link to="/" class="brand-link">
          <Logo />
          <span>{t.app.name}</span>
        </Link>
        {onlineTotal !== null && <span class="online-total">{t.rooms.onlineTotal(onlineTotal)}</span>}
        {signedIn && (
          <button
            type="button"
            class="icon-button filled"
            aria-label={t.rooms.create}
            title={t.rooms.create}
            onClick={() => setCreating(true)}
          >
            <Icon name="plus" />
          </button>
        )}
        {signedIn && (
          <Link to="/search" class="icon-button to-search" label={t.search.title}>
            <Icon name="search" />
          </Link>
        )}
      </header>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          enter();
        }}
      >
        <Icon name="search" />
        <input
          type="text"
          enterkeyhint="go"
          value={query}
          placeholder={t.rooms.search}
          aria-label={t.rooms.search}
          title={t.rooms.searchHint}
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          maxLength={128}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && query !== '') {
              event.preventDefault();
              setQuery('');
            }
          }}
        />
        {query !== '' && (
          <button type="button" class="icon-button" aria-label={t.rooms.clear} onClick={() => setQuery('')}>
            <Icon name="close" />
          </button>
        )}
      </form>
      <div class="room-lists">
        {signedIn && name !== '' && !exact && isRoomName(name) && (
          <button type="button" class="enter-room" onClick={enter}>
            <span class="avatar medium room-sign plain" aria-hidden="true">
              <Icon name="plus" />
            </span>
            <span>
              <strong>{t.rooms.enter(name)}</strong>
              <small>{t.rooms.enterNew}</small>
            </span>
          </button>
        )}
        {fault && (
          <Notice tone="bad">
            {t.rooms.listFailed} {faultText(fault)}{' '}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                refreshRooms().catch(() => undefined);
              }}
            >
              {t.app.tryAgain}
            </button>
          </Notice>
        )}
        {!directory.loaded && !fault && <Spinner label={t.app.loading} />}
        <RoomSection title={t.rooms.yours} rooms={mine} openId={openId} />
        <RoomSection title={t.rooms.others} rooms={others} openId={openId} />
        {directory.loaded && rooms.length === 0 && (
          <Empty title={query ? t.rooms.noMatch : t.rooms.empty} {...(!query && signedIn && { text: t.rooms.emptyText })} />
        )}
      </div>
      <AccountBar />
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </nav>
  );
}

function RoomSection({ title, rooms, openId }: { title: string; rooms: readonly Room[]; openId: string | null }) {
  if (rooms.length === 0) return null;
  return (
    <section>
      <h2 class="section-title">{title}</h2>
      <ul class="rooms">
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomLine room={room} open={room.id === openId} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AccountBar() {
  const me = useStore(account, (state) => (state.status === 'signed-in' ? state.me : null));
  if (!me) {
    return (
      <div class="account-bar guest">
        <p>
          <strong>{t.rooms.guestTitle}</strong>
          {t.rooms.guestText}
        </p>
        <div class="actions">
          <Link to="/login" class="button primary small">
            {t.welcome.logIn}
          </Link>
          <Link to="/register" class="button quiet small">
            {t.welcome.register}
          </Link>
        </div>
      </div>
    );
  }
  return (
    <div class="account-bar" role="group" aria-label={t.account.menu}>
      <Avatar name={me.displayName || me.username} id={me.id} url={me.avatarUrl} />
      <span class="account-name">
        <strong>{me.displayName || me.username}</strong>
        <small>@{me.username}</small>
      </span>
      <LogOutButton narrow />
    </div>
  );
}
