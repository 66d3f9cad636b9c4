import type * as fs from 'node:fs';
import type * as threads from 'node:worker_threads';
import type * as pglite from '@electric-sql/pglite';
import type * as trigrams from '@electric-sql/pglite/contrib/pg_trgm';
import type * as accents from '@electric-sql/pglite/contrib/unaccent';

export interface WorkerInput {
  /** The database's folder; made at the first start. */
  folder: string;
  /** Absolute paths of the CommonJS builds. */
  modules: { pglite: string; trigrams: string; unaccent: string };
}

/** To the worker: bytes of whole requests, or the wish to close. From the worker, in the same order: bytes of the answer, or a word. */
export type WorkerRequest = Uint8Array | 'close';
export type WorkerAnswer = Uint8Array | 'made' | 'ready' | 'closed' | { failed: string };

/**
 * The whole program of the thread that runs PGlite. It is handed over as source text, because a thread needs a JavaScript file of its own
 * and the tests run from TypeScript. So it must stand alone: it may use its parameter and globals, and of imports the types only.
 */
export function workerMain(load: NodeJS.Require): void {
  const { existsSync, mkdirSync, renameSync, rmSync } = load('node:fs') as typeof fs;
  const thread = load('node:worker_threads') as typeof threads;
  const { folder, modules } = thread.workerData as WorkerInput;
  const port = thread.parentPort!;
  const { PGlite } = load(modules.pglite) as typeof pglite;
  const extensions = {
    pg_trgm: (load(modules.trigrams) as typeof trigrams).pg_trgm,
    unaccent: (load(modules.unaccent) as typeof accents).unaccent,
  };

  // A small house needs no 128 MiB of cache in the process's memory. Old log is removed at a checkpoint (see upkeep.ts) instead of kept.
  const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=64MB', '-c', 'max_wal_size=64MB', '-c', 'min_wal_size=32MB'];
  const open = async (path: string): Promise<pglite.PGlite> =>
    PGlite.create({ dataDir: path, extensions, startParams, relaxedDurability: false });

  // A first start that is killed half-way must not leave a half-made database under the final name.
  const make = async (): Promise<void> => {
    const draft = `${folder}.new`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    await (await open(draft)).close();
    renameSync(draft, folder);
  };

  const serve = async (): Promise<void> => {
    if (!existsSync(`${folder}/PG_VERSION`)) {
      await make();
      // Making takes a second PGlite, whose memory only comes back when the thread ends.
      port.postMessage('made');
      port.close();
      return;
    }
    const database = await open(folder);
    port.on('message', (request: WorkerRequest) => {
      if (request === 'close') {
        database.close().then(
          () => {
            port.postMessage('closed');
            port.close();
          },
          (error: unknown) => port.postMessage({ failed: String(error) }),
        );
        return;
      }
      const answer = database.execProtocolRawSync(request);
      port.postMessage(answer, [answer.buffer as ArrayBuffer]);
    });
    port.postMessage('ready');
  };

  serve().catch((error: unknown) => {
    port.postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    port.close();
  });
}
