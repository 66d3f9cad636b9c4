import type { RoomLog } from './room-log.js';

const keptNotices = 60;

/** Somebody came or went; never stored by the server, so it lives as long as the page. */
export interface Notice {
  key: number;
  change: 'joined' | 'left' | 'passed-by';
  userId: string;
  username: string;
  /** Stands after the message with this `seq`. */
  afterSeq: number;
  at: string;
}

/** Notes that somebody came or went; who comes and goes with nothing said in between is one line. */
export function addNotice(log: RoomLog, notice: Omit<Notice, 'afterSeq'>): RoomLog {
  const afterSeq = log.headSeq;
  const last = log.notices.at(-1);
  if (last && last.userId === notice.userId && last.afterSeq === afterSeq && last.change !== notice.change) {
    const change = last.change === 'left' && notice.change === 'joined' ? null : ('passed-by' as const);
    const others = log.notices.slice(0, -1);
    // Left and back again: nothing worth telling.
    return { ...log, notices: change === null ? others : [...others, { ...notice, key: last.key, change, afterSeq }] };
  }
  return { ...log, notices: [...log.notices, { ...notice, afterSeq }].slice(-keptNotices) };
}
