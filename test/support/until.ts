import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so, and looks often. @throws Error when it is not so within a minute: only a failing test waits so long */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not in time: ${what}`);
    await sleep(20);
  }
}
