import type { QuietHours } from '../../contracts/index.js';

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether a moment lies in a person's quiet hours: from `from` on, up to `until`, on the clock of their time zone. */
export function isQuiet(hours: QuietHours | null, now: Date): boolean {
  if (!hours) return false;
  const time = clock(hours.timeZone).format(now);
  return hours.from < hours.until ? time >= hours.from && time < hours.until : time >= hours.from || time < hours.until;
}

function clock(timeZone: string): Intl.DateTimeFormat {
  let found = clocks.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(timeZone, found);
  }
  return found;
}
