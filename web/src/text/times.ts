const minute = 60_000;

/** The local day of a time, to tell days apart. */
export function dayKey(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** How many local days lie between a time and now. */
export function daysAgo(iso: string, now: number): number {
  const then = new Date(iso);
  const today = new Date(now);
  const start = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((start(today) - start(then)) / 86_400_000);
}

/** Whole minutes between a time and now; a clock that is a little off counts as now. */
export function minutesAgo(iso: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(iso)) / minute));
}
