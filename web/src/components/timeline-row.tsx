import type { Notice } from '../store/notices.js';
import type { TimelineEntry } from '../store/timeline.js';
import { dayLabel, t } from '../texts/index.js';
import { MessageRow } from './message-row.js';

interface TimelineRowProps {
  entry: TimelineEntry;
  now: number;
  myId: string | null;
  /** The id of the message that is being changed. */
  editing: string | null;
  /** The `seq` of the message that was looked for. */
  found: number | null;
  /** The id of the message where Tab stops. */
  last: string | undefined;
}

/** One line of what stands in a room: a day, a message, somebody who came. */
export function TimelineRow({ entry, now, myId, editing, found, last }: TimelineRowProps) {
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
          message={entry.message}
          mine={entry.message.author?.id === myId}
          readOnly={myId === null}
          leads={entry.leads}
          now={now}
          editing={entry.message.id === editing}
          found={entry.message.seq === found}
          reachable={entry.message.id === last}
        />
      );
  }
}

/** The button with a message's actions that an event is about. */
export function actionsAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.message-actions') : null;
}

/** The arrow keys go from the actions of one message to those of the next. */
export function moveBetweenMessages(event: KeyboardEvent): void {
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
