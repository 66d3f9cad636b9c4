import { daysAgo, minutesAgo } from '../text/times.js';
import { t } from './current.js';

/** A time for the eye: “just now”, “5 min ago”, the clock today, the day before that. */
export function relativeTime(iso: string, now: number): string {
  const minutes = minutesAgo(iso, now);
  if (minutes < 1) return t.time.now;
  if (minutes < 60) return t.time.minutes(minutes);
  const days = daysAgo(iso, now);
  if (days <= 0) return t.time.clock(iso);
  const day = days === 1 ? t.time.yesterday : days < 300 ? t.time.shortDay(iso) : t.time.date(iso);
  return t.time.clockOf(day, t.time.clock(iso));
}

/** A time below the line of its day: “just now”, “5 min ago”, then the clock. */
export function messageTime(iso: string, now: number): string {
  const minutes = minutesAgo(iso, now);
  if (minutes < 1) return t.time.now;
  return minutes < 60 ? t.time.minutes(minutes) : t.time.clock(iso);
}

/** A time in a narrow list. */
export function listTime(iso: string, now: number): string {
  const days = daysAgo(iso, now);
  if (days <= 0) return t.time.clock(iso);
  return days === 1 ? t.time.yesterday : t.time.shortDay(iso);
}

/** The line between two days. */
export function dayLabel(iso: string, now: number): string {
  const days = daysAgo(iso, now);
  if (days <= 0) return t.time.today;
  if (days === 1) return t.time.yesterday;
  return days < 300 ? t.time.day(iso) : t.time.date(iso);
}
