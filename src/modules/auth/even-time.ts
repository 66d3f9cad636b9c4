import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs work whose length tells whether an account exists, and answers, or fails, only at the end of a whole number of steps since its
 * begin. The work of both cases is kept alike where that is cheap (one password hash each, for example); this covers the rest.
 * @param step in ms; longer than the work usually takes
 */
export async function inEvenTime<T>(step: number, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  try {
    return await work();
  } finally {
    const end = begun + Math.ceil((performance.now() - begun) / step) * step;
    await sleep(Math.floor(end - performance.now()));
    // Timers count whole milliseconds: what is left of the last one would carry the length of the work to the outside.
    while (performance.now() < end) await nextTurn();
  }
}
