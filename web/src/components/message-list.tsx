import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Room } from '../api/wire.js';
import { loadNewer, loadOlder, showMessage, showNewest } from '../app/history.js';
import { chat, dispatch } from '../app/live.js';
import { markRead } from '../app/reading.js';
import { lastSeq, type RoomLog } from '../store/room-log.js';
import { timeline } from '../store/timeline.js';
import { roomTitle } from '../text/names.js';
import { faultText, t } from '../texts/index.js';
import { Icon } from './icon.js';
import { MessageMenu } from './message-menu.js';
import { Empty, Spinner } from './notice.js';
import { PendingRow } from './pending-row.js';
import { type Place, placeOf, putBack } from './scroll-place.js';
import { SeenBy } from './seen-by.js';
import { actionsAt, moveBetweenMessages, TimelineRow } from './timeline-row.js';
import { useNow, useStore } from './use-store.js';

/** So near to the end counts as being there, in pixels. */
const nearEnd = 60;
/** So near to an end of the window the next page is read. */
const nearEdge = 600;

const ignore = () => undefined;

/** What was said, the newest at the bottom. Pages load as one scrolls, to both sides, and what one reads stays where it stands. */
export function MessageList({ room, log }: { room: Room; log: RoomLog }) {
  const open = useStore(chat, (state) => state.open);
  const connection = useStore(chat, (state) => state.connection);
  const myId = useStore(chat, (state) => state.myId);
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const place = useRef<Place>([]);
  const wrote = useRef(log.pending.length);
  const [seenSeq, setSeenSeq] = useState(lastSeq(log));
  const [away, setAway] = useState(false);
  const [unreadAbove, setUnreadAbove] = useState(false);
  const [menu, setMenu] = useState<{ id: string; anchor: HTMLElement } | null>(null);
  const unreadFrom = open?.unreadFrom ?? null;
  const focus = open?.focus ?? null;
  const fault = open?.pageFault ?? null;
  const entries = useMemo(() => timeline(log, unreadFrom), [log, unreadFrom]);
  const live = log.nextAfter === null;
  const head = log.headSeq;
  const first = log.items[0]?.seq ?? 0;

  const look = () => {
    const element = box.current;
    if (!element) return;
    place.current = placeOf(element);
    const line = element.querySelector('.unread-line');
    const edge = element.getBoundingClientRect().top;
    setUnreadAbove(unreadFrom !== null && (line ? line.getBoundingClientRect().bottom < edge : first > unreadFrom));
  };

  // Before the browser paints: stay at the end, or where one was reading.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (log.pending.length > wrote.current) {
      atEnd.current = true;
      if (!live) showNewest().catch(ignore);
    }
    wrote.current = log.pending.length;
    if (atEnd.current && live) element.scrollTop = element.scrollHeight;
    else putBack(element, place.current);
    look();
  });

  // What was looked for stands in the middle, and the keyboard goes on from there.
  useLayoutEffect(() => {
    const row = focus && box.current?.querySelector<HTMLElement>(`[data-seq="${focus.seq}"]`);
    if (!row || !box.current) return;
    atEnd.current = false;
    row.scrollIntoView({ block: 'center' });
    row.querySelector<HTMLElement>('.message-actions')?.focus({ preventScroll: true });
    look();
  }, [focus?.key]);

  // The window, the keyboard of a phone, a growing composer and pictures change heights.
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
      else putBack(element, place.current);
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  const see = () => {
    if (!atEnd.current || !live || document.visibilityState !== 'visible' || head === 0) return;
    setSeenSeq(head);
    markRead(room.id, head);
    dispatch({ type: 'trimmed', id: room.id });
  };
  useEffect(() => {
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [head, connection, room.id, away, live]);

  const readOn = () => {
    const element = box.current;
    if (!element || fault) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (log.nextAfter !== null && below < nearEdge) loadNewer().catch(ignore);
    else if (log.nextBefore !== null && element.scrollTop < nearEdge) loadOlder().catch(ignore);
  };
  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    atEnd.current = live && element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    setAway(!atEnd.current);
    look();
    readOn();
  };
  // A page that does not fill the window cannot be scrolled: read on until it does.
  useEffect(readOn, [first, log.nextAfter]);

  const chosen = menu && log.items.find((message) => message.id === menu.id && !message.deletedAt);
  const lastAlive = log.items.findLast((message) => message.kind === 'text' && !message.deletedAt)?.id;
  const missed = log.items.filter((message) => message.seq > seenSeq && message.author?.id !== myId).length + head - lastSeq(log);
  return (
    <div class="messages-place">
      {unreadAbove && unreadFrom !== null && (
        <button
          type="button"
          class="to-unread"
          onClick={() => {
            showMessage(unreadFrom).catch(ignore);
          }}
        >
          <Icon name="up" />
          {t.room.toUnread(Math.max(1, head - unreadFrom + 1))}
        </button>
      )}
      <div class="messages" ref={box} tabIndex={0} role="region" aria-label={t.room.messages} onScroll={scrolled}>
        {fault ? (
          <p class="beginning">
            {t.room.pageFailed} {faultText(fault)}{' '}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                (log.nextBefore === null ? loadNewer() : loadOlder()).catch(ignore);
              }}
            >
              {t.app.tryAgain}
            </button>
          </p>
        ) : log.nextBefore !== null || open?.loading === 'elsewhere' ? (
          <Spinner label={t.room.loadingOlder} />
        ) : log.items.length === 0 && log.pending.length === 0 ? (
          <Empty title={t.room.emptyTitle} text={myId === null ? t.room.emptyGuest : t.room.emptyText} />
        ) : (
          <p class="beginning">{t.room.beginning(roomTitle(room))}</p>
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
            <TimelineRow
              key={entry.key}
              entry={entry}
              now={now}
              myId={myId}
              editing={open?.editing ?? null}
              found={focus?.seq ?? null}
              last={lastAlive}
            />
          ))}
          {live &&
            log.pending.map((pending) => (
              <PendingRow key={pending.clientId} pending={pending} roomId={room.id} online={connection === 'online'} />
            ))}
        </ol>
        {live ? <SeenBy room={room} log={log} /> : <Spinner label={t.room.loadingNewer} />}
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
      {(away || !live) && (
        <button
          type="button"
          class={`to-newest${missed > 0 ? ' news' : ''}`}
          onClick={() => {
            atEnd.current = true;
            if (box.current && live) box.current.scrollTop = box.current.scrollHeight;
            showNewest().catch(ignore);
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
