import { useEffect, useState } from 'preact/hooks';
import { account } from '../app/account.js';
import { showMessage } from '../app/history.js';
import { chat } from '../app/live.js';
import { closeRoom, openRoom } from '../app/open-room.js';
import { navigate, place } from '../app/router.js';
import { toast } from '../app/toasts.js';
import { RoomAvatar } from '../components/avatar.js';
import { Composer } from '../components/composer.js';
import { Icon } from '../components/icon.js';
import { Lazy } from '../components/lazy.js';
import { Link } from '../components/link.js';
import { MessageList } from '../components/message-list.js';
import { Empty, Notice, Spinner } from '../components/notice.js';
import { PeoplePanel } from '../components/people-panel.js';
import { useStore, useWide } from '../components/use-store.js';
import { nobody } from '../store/attendance.js';
import { totalUnread } from '../store/directory.js';
import { roomTitle } from '../text/names.js';
import { personPath } from '../text/paths.js';
import { isId } from '../text/rules.js';
import { faultText, t } from '../texts/index.js';
import { usePage } from './page.js';

const settingsPart = async () => (await import('../components/room-settings.js')).RoomSettings;

/** One room: what is said, who is here, and where one writes. */
export function RoomView({ reference }: { reference: string }) {
  useEffect(() => {
    openRoom(reference);
    return closeRoom;
  }, [reference]);
  const open = useStore(chat, (state) => state.open);
  // A link to a message: shown once the room is there, and not again after a reload.
  const wanted = useStore(place, ({ state }) => (typeof state.seq === 'number' ? state.seq : null));
  const entered = open?.state === 'entered';
  useEffect(() => {
    if (!entered || wanted === null) return;
    navigate(place.get().path, { replace: true });
    showMessage(wanted).catch(() => undefined);
  }, [entered, wanted]);
  const room = useStore(chat, (state) => (state.open?.id ? state.directory.byId[state.open.id] : undefined));
  const log = useStore(chat, (state) => (state.open?.id ? state.logs[state.open.id] : undefined));
  const unread = useStore(chat, (state) => totalUnread(state.directory));
  const connection = useStore(chat, (state) => state.connection);
  const present = useStore(chat, (state) => (state.open?.id ? state.attendance[state.open.id] : undefined) ?? nobody);
  const signedIn = useStore(account, (state) => state.status === 'signed-in');
  const wide = useWide('(min-width: 1100px)');
  const [people, setPeople] = useState<boolean | null>(null);
  const [settings, setSettings] = useState(false);
  const peopleShown = people ?? wide;
  const title = room ? roomTitle(room) : !isId(reference) ? reference : open?.state === 'refused' ? t.room.unknown : t.room.entering;
  const heading = usePage(title, unread);

  return (
    <main id="main" class="room">
      <header class="room-head">
        <Link to="/" class="icon-button back" label={t.room.back}>
          <Icon name="back" />
        </Link>
        {room && <RoomAvatar room={room} />}
        <div class="room-head-text">
          <h1 ref={heading} tabIndex={-1}>
            {room?.kind === 'direct' && room.peer && signedIn ? <Link to={personPath(room.peer.username)}>{title}</Link> : title}
          </h1>
          {room && (
            <p>
              <span class="room-kind">{t.rooms.kinds[room.kind]} · </span>
              {t.room.online(present.count)}
              {room.kind !== 'direct' && ` · ${t.room.members(room.memberCount)}`}
            </p>
          )}
        </div>
        {room && open?.state === 'entered' && signedIn && (
          <Link to={`/search?room=${room.id}`} class="icon-button" label={t.search.thisRoom}>
            <Icon name="search" />
          </Link>
        )}
        {room && open?.state === 'entered' && signedIn && (
          <button type="button" class="icon-button" aria-label={t.manage.title} title={t.manage.title} onClick={() => setSettings(true)}>
            <Icon name="gear" />
          </button>
        )}
        {room && open?.state === 'entered' && (
          <button
            type="button"
            class="icon-button"
            aria-expanded={peopleShown}
            aria-controls="people"
            aria-label={peopleShown ? t.room.hidePeople : t.room.showPeople}
            onClick={() => setPeople(!peopleShown)}
          >
            <Icon name="people" />
          </button>
        )}
      </header>
      {settings && room && (
        <Lazy
          load={settingsPart}
          props={{ room, onClose: () => setSettings(false) }}
          onFail={() => {
            setSettings(false);
            toast(t.app.loadFailed, 'bad');
          }}
        />
      )}
      {open?.state === 'refused' || open?.state === 'removed' ? (
        <Refused reference={reference} signedIn={signedIn} />
      ) : room && log && (open?.state === 'entered' || log.epoch !== null) ? (
        <div class="room-body">
          <div class="room-talk">
            {connection === 'refused' && <Notice tone="plain">{t.connection.refused}</Notice>}
            <MessageList key={room.id} room={room} log={log} />
            <Composer room={room} />
          </div>
          {peopleShown && <PeoplePanel room={room} onClose={() => setPeople(false)} />}
        </div>
      ) : (
        <Spinner label={t.room.entering} />
      )}
    </main>
  );
}

function Refused({ reference, signedIn }: { reference: string; signedIn: boolean }) {
  const open = useStore(chat, (state) => state.open);
  if (!open) return null;
  const removed = open.state === 'removed';
  const text = removed && open.reason ? t.room.removed[open.reason] : open.fault ? faultText(open.fault) : t.fault.unknown;
  return (
    <Empty title={removed ? t.room.removedTitle : t.room.refusedTitle} text={text}>
      {signedIn ? (
        open.reason !== 'banned' &&
        open.reason !== 'deleted' && (
          <button type="button" class="button primary" onClick={() => openRoom(reference)}>
            {removed ? t.room.enterAgain : t.app.tryAgain}
          </button>
        )
      ) : (
        <Link to="/login" class="button primary" state={{ next: place.get().path }}>
          {t.welcome.logIn}
        </Link>
      )}
      <Link to="/" class="button quiet">
        {t.app.home}
      </Link>
    </Empty>
  );
}
