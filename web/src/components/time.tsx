import { relativeTime, t } from '../texts/index.js';

/** A time in words, with the whole of it at hand. */
export function Time({ at, now, words }: { at: string; now: number; words?: string }) {
  return (
    <time dateTime={at} title={t.time.full(at)}>
      {words ?? relativeTime(at, now)}
    </time>
  );
}
