import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from './config/settings.js';
import { Health } from './platform/health/index.js';
import { Draining } from './realtime/transports/index.js';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Requests that are still under way so long after the signal are cut, in ms. */
const requestsMayTake = 12_000;
/** Whatever happens, the process is gone by then, in ms: supervisors kill after 20 s and more. */
const patience = 19_000;
/** A terminal and npm tell the same signal twice within a moment, in ms; a later one means it. */
const sameSignal = 1_000;

/**
 * Ends the server in order at the first signal: not ready, no new sockets, those that are open closed over a few seconds, everything under way
 * finished, exit code 0. A second signal ends it at once: what was acknowledged is stored already.
 */
export function stopOnSignal(app: NestFastifyApplication, { drainTime }: Pick<Settings, 'drainTime'>): void {
  const logger = new Logger('main');
  let since: number | null = null;

  const stop = async (): Promise<void> => {
    const draining = app.get(Draining, { strict: false });
    setTimeout(() => draining.cutRequests(), requestsMayTake).unref();
    app.get(Health, { strict: false }).startDraining();
    await draining.drain(drainTime * 1_000);
    await app.close();
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    if (since !== null) {
      if (performance.now() - since < sameSignal) return;
      logger.warn(`${signal} again: ending at once.`);
      process.exit(1);
    }
    since = performance.now();
    logger.log(`${signal}: draining.`);
    setTimeout(() => {
      logger.error('The server did not stop in time: ending at once.');
      process.exit(1);
    }, patience).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'the server could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}
