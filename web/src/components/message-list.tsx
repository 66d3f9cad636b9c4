import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Message, Room } from '../api/wire.js';
import { chat } from '../app/live.js';
import { loadOlder } from '../app/open-room.js';
import { markRead } from '../app/reading.js';
import { discard, sendAgain } from '../app/writing.js';
import { lastSeq, type Notice, type Pending, type RoomLog } from '../store/room-log.js';
import { timeline, type TimelineEntry } from '../store/timeline.js';
import { roomTitle } from '../text/names.js';
import { dayLabel, faultText, t } from '../texts/index.js';
import { Icon } from './icon.js';
import { MessageMenu } from './message-menu.js';
import { MessageRow } from './message-row.js';
import { Empty, Spinner } from './notice.js';
import { useNow, useStore } from './use-store.js';

/** So near to the end counts as being there, in pixels. */
const nearEnd = 60;
/** So near to the beginning older messages are read. */
const nearStart = 400;

/** What was said, the newest at the bottom. Older messages load as one scrolls up, and nothing jumps when they come. */
export function MessageList({ room, log }: { room: Room; log: RoomLog }) {
  const open = useStore(chat, (state) => state.open);
  const connection = useStore(chat, (state) => state.connection);
  const myId = useStore(chat, (state) => state.myId);
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [seenSeq, setSeenSeq] = useState(lastSeq(log));
  const [away, setAway] = useState(false);
  const [menu, setMenu] = useState<{ id: string; anchor: HTMLElement } | null>(null);
  const unreadFrom = open?.unreadFrom ?? null;
  const entries = useMemo(() => timeline(log, unreadFrom), [log, unreadFrom]);
  const head = lastSeq(log);
  const first = log.items[0]?.seq ?? 0;
  const held = useRef({ first, height: 0, top: 0, pending: log.pending.length });

  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };

  // Before the browser paints: stay at the end, or where one was reading.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const before = held.current;
    const wrote = log.pending.length > before.pending;
    if (wrote) atEnd.current = true;
    if (atEnd.current) toEnd();
    else if (before.first !== first && first < before.first) element.scrollTop = before.top + (element.scrollHeight - before.height);
    held.current = { first, height: element.scrollHeight, top: element.scrollTop, pending: log.pending.length };
  });

  // The window, the keyboard of a phone or a growing composer change the height.
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const see = () => {
    if (!atEnd.current || document.visibilityState !== 'visible' || head === 0) return;
    setSeenSeq(head);
    markRead(room.id, head);
  };
  useEffect(() => {
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [head, connection, room.id, away]);

  const older = () => {
    loadOlder().catch(() => undefined);
  };
  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    held.current.top = element.scrollTop;
    held.current.height = element.scrollHeight;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    setAway(!atEnd.current);
    if (element.scrollTop < nearStart && log.nextBefore !== null && !open?.olderFault) older();
  };
  // A page that does not fill the window cannot be scrolled: read on until it does.
  useEffect(() => {
    const element = box.current;
    if (element && element.scrollHeight <= element.clientHeight + nearStart && log.nextBefore !== null && !open?.olderFault) older();
  }, [first]);

  const chosen = menu && log.items.find((message) => message.id === menu.id && !message.deletedAt);
  const lastAlive = log.items.findLast((message) => message.kind === 'text' && !message.deletedAt)?.id;
  const missed = away ? log.items.filter((message) => message.seq > seenSeq && message.author?.id !== myId).length : 0;
  return (
    <div class="messages-place">
      <div class="messages" ref={box} tabIndex={0} role="region" aria-label={t.room.messages} onScroll={scrolled}>
        {log.nextBefore === null ? (
          log.items.length === 0 && log.pending.length === 0 ? (
            <Empty title={t.room.emptyTitle} text={myId === null ? t.room.emptyGuest : t.room.emptyText} />
          ) : (
            <p class="beginning">{t.room.beginning(roomTitle(room))}</p>
          )
        ) : open?.olderFault ? (
          <p class="beginning">
            {t.room.olderFailed} {faultText(open.olderFault)}{' '}
            <button type="button" class="link-button" onClick={older}>
              {t.app.tryAgain}
            </button>
          </p>
        ) : (
          <Spinner label={t.room.loadingOlder} />
        )}
        <ol
          class="message-list"
          onClick={(event) => {
            const anchor = actionsAt(event.target);
            if (anchor?.dataset.message) setMenu({ id: anchor.dataset.message, anchor });
          }}
          onKeyDown={moveBetweenMessages}
        >
          {entries.map((entry) => (
            <Entry key={entry.key} entry={entry} now={now} myId={myId} editing={open?.editing ?? null} last={lastAlive} />
          ))}
          {log.pending.map((pending) => (
            <PendingRow key={pending.clientId} pending={pending} roomId={room.id} online={connection === 'online'} />
          ))}
        </ol>
      </div>
      {menu && chosen && (
        <MessageMenu
          key={menu.id}
          message={chosen}
          room={room}
          mine={chosen.author?.id === myId}
          anchor={menu.anchor}
          onClose={() => setMenu(null)}
        />
      )}
      {away && (
        <button
          type="button"
          class={`to-newest${missed > 0 ? ' news' : ''}`}
          onClick={() => {
            atEnd.current = true;
            toEnd();
            setAway(false);
          }}
        >
          <Icon name="down" />
          {missed > 0 ? t.room.newMessages(missed) : <span class="visually-hidden">{t.room.toNewest}</span>}
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  entry: TimelineEntry;
  now: number;
  myId: string | null;
  editing: string | null;
  last: string | undefined;
}

function Entry({ entry, now, myId, editing, last }: EntryProps) {
  switch (entry.kind) {
    case 'day':
      return (
        <li class="day">
          <span>{dayLabel(entry.at, now)}</span>
        </li>
      );
    case 'unread':
      return (
        <li class="unread-line">
          <span>{t.room.unreadLine}</span>
        </li>
      );
    case 'notice':
      return <li class="coming-going">{noticeText(entry.notice)}</li>;
    case 'message':
      return (
        <MessageRow
          {...rowOf(entry.message, myId)}
          leads={entry.leads}
          now={now}
          editing={entry.message.id === editing}
          reachable={entry.message.id === last}
        />
      );
  }
}

function rowOf(message: Message, myId: string | null) {
  return { message, mine: message.author?.id === myId, readOnly: myId === null };
}

function actionsAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.message-actions') : null;
}

/** The arrow keys go from the actions of one message to those of the next. */
function moveBetweenMessages(event: KeyboardEvent): void {
  const current = actionsAt(event.target);
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  if (!current || step === 0) return;
  event.preventDefault();
  const all = Array.from((event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.message-actions'));
  all[all.indexOf(current) + step]?.focus();
}

function noticeText({ change, username }: Notice): string {
  if (change === 'joined') return t.room.joined(username);
  return change === 'left' ? t.room.left(username) : t.room.passedBy(username);
}

function PendingRow({ pending, roomId, online }: { pending: Pending; roomId: string; online: boolean }) {
  const failed = pending.state === 'failed';
  return (
    <li class={`pending${failed ? ' failed' : ''}`}>
      {pending.to !== undefined && <p class="pending-to">{t.room.privateTo(pending.to)}</p>}
      <p class="content">{pending.content}</p>
      {failed ? (
        <p class="pending-state" role="alert">
          <span class="why">
            <Icon name="warn" />
            <span>
              {t.room.failed} {pending.fault && faultText(pending.fault)}
            </span>
          </span>
          <button type="button" class="link-button" onClick={() => sendAgain(roomId, pending.clientId)}>
            {t.room.retry}
          </button>
          <button type="button" class="link-button" onClick={() => discard(roomId, pending.clientId)}>
            {t.room.discard}
          </button>
        </p>
      ) : (
        <p class="pending-state">{online ? t.room.sending : t.room.waiting}</p>
      )}
    </li>
  );
}
