import cluster, { type Worker } from 'node:cluster';
import { Logger } from '@nestjs/common';
import { passMetricsOn } from './process-metrics.js';

/** A process that ends sooner after its start, in ms, failed to start. */
const livesAtLeast = 10_000;
/** After so many failed starts in a row of one place everything ends: starting again does not mend what is wrong. */
const mostFailures = 5;
/** Before the second start, in ms; doubled for each further one. */
const firstPause = 500;
/** Processes that do not stop by then are killed, in ms; each ends itself after 19 s. */
const patience = 19_500;

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

interface Place {
  readonly number: number;
  worker: Worker | null;
  /** In ms of `performance.now()`; null: it does not listen yet. */
  listensSince: number | null;
  failures: number;
  restart: NodeJS.Timeout | null;
}

/** The place of this process among those of `PROCESSES`, from 1; null where there is one process alone. */
export function ownPlace(): string | null {
  return cluster.isWorker ? (process.env['PARLEY_PROCESS'] ?? null) : null;
}

/**
 * Keeps `PROCESSES` processes of the server running that listen on one port, each a node of its own; this process accepts connections, hands
 * them out in turn and does nothing else. The first one starts alone, so that what is wrong is told once. One that dies is started again;
 * one that dies at its start again and again ends all. A signal drains all: exit code 0 when every one of them stopped in order.
 */
export class Supervisor {
  private readonly logger = new Logger('processes');
  private readonly places: readonly Place[];
  private isStopping = false;
  private exitCode = 0;
  private isReady = false;

  /** @param ready called once, when every process listens */
  constructor(
    count: number,
    private readonly ready: () => void,
  ) {
    this.places = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      worker: null,
      listensSince: null,
      failures: 0,
      restart: null,
    }));
  }

  start(): void {
    for (const signal of signals) process.on(signal, () => this.stop(signal));
    passMetricsOn(() => this.places.flatMap(({ worker }) => worker ?? []));
    this.fork(this.places[0]!);
  }

  private fork(place: Place): void {
    const worker = cluster.fork({ PARLEY_PROCESS: String(place.number) });
    Object.assign(place, { worker, listensSince: null, restart: null });
    worker.on('listening', () => this.listens(place));
    worker.on('exit', (code, signal) => this.ended(place, code, signal));
    worker.on('error', (error) => this.logger.warn({ error }, `process ${place.number} could not be told something`));
  }

  private listens(place: Place): void {
    if (place.listensSince !== null) return;
    place.listensSince = performance.now();
    if (this.isReady || this.isStopping) return;
    for (const other of this.places) if (other.worker === null && other.restart === null) this.fork(other);
    if (this.places.some(({ listensSince }) => listensSince === null)) return;
    this.isReady = true;
    this.ready();
  }

  private ended(place: Place, code: number | null, signal: string | null): void {
    const isFirst = this.places.every(({ listensSince, failures }) => listensSince === null && failures === 0);
    const lived = place.listensSince !== null && performance.now() - place.listensSince >= livesAtLeast;
    place.worker = null;
    place.listensSince = null;
    if (this.isStopping) {
      this.exitCode ||= code ?? 1;
      if (this.places.every(({ worker }) => worker === null)) process.exit(this.exitCode);
      return;
    }
    // Its reason stands above, in its own words.
    if (isFirst) process.exit(code ?? 1);
    const how = signal === null ? `exit code ${code}` : signal;
    place.failures = lived ? 0 : place.failures + 1;
    if (place.failures >= mostFailures) {
      this.logger.fatal(
        `Process ${place.number} ended ${mostFailures} times in a row at its start, at last with ${how}. Starting it again does not help: all processes end.`,
      );
      this.exitCode = 1;
      this.stop('SIGTERM');
      return;
    }
    const pause = lived ? 0 : firstPause * 2 ** (place.failures - 1);
    this.logger.error(`Process ${place.number} ended (${how}). It is started again${pause > 0 ? ` in ${pause / 1_000} s` : ''}.`);
    place.restart = setTimeout(() => this.fork(place), pause);
  }

  /** A second signal is passed on, too: to a server that is stopping it means at once. */
  private stop(signal: (typeof signals)[number]): void {
    const workers = this.places.flatMap(({ worker }) => worker ?? []);
    for (const { process: child } of workers) child.kill(signal);
    if (this.isStopping) return;
    this.isStopping = true;
    for (const { restart } of this.places) if (restart) clearTimeout(restart);
    if (workers.length === 0) process.exit(this.exitCode);
    setTimeout(() => {
      this.logger.error('Not every process stopped in time: those that are left are killed.');
      for (const { worker } of this.places) worker?.process.kill('SIGKILL');
    }, patience).unref();
  }
}
