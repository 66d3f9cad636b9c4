import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The longest path that a Unix domain socket takes everywhere: sun_path has 104 bytes on macOS and 108 on Linux, with the zero at the end. */
const longestSocketPath = 103;

/**
 * Calls `use` with a path that means the same socket and is short enough for the kernel. Linux: through the folder's descriptor.
 * Elsewhere: a name in the folder for temporary files that is made from the long one.
 */
async function withShortPath<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= longestSocketPath) return use(path);
  if (process.platform !== 'linux')
    return use(join(tmpdir(), `parley-${createHash('sha256').update(path).digest('hex').slice(0, 32)}.sock`));
  let folder: FileHandle | undefined;
  try {
    folder = await open(dirname(path), 'r');
    return await use(`/proc/self/fd/${folder.fd}/${basename(path)}`);
  } finally {
    await folder?.close();
  }
}

/**
 * Listens on `path`; everyone who connects is told `words()`. The listener does not keep the process alive.
 * @throws Error with code EADDRINUSE when there is a file of that name
 */
export async function listen(path: string, words: () => string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(words());
  });
  await withShortPath(path, async (short) => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(short, () => {
        server.off('error', reject);
        resolve();
      });
    });
  });
  server.unref();
  return server;
}

export type Reply = { alive: true; words: string } | { alive: false };

/**
 * Asks who listens on `path`. `alive: false` only when the kernel says that nobody does; a listener that keeps silent (frozen, busy) is
 * alive with empty words after `patienceMs`.
 */
export async function ask(path: string, patienceMs: number): Promise<Reply> {
  return withShortPath(
    path,
    async (short) =>
      new Promise<Reply>((resolve) => {
        let words = '';
        const socket = createConnection(short);
        const finish = (reply: Reply): void => {
          clearTimeout(timer);
          socket.destroy();
          resolve(reply);
        };
        const timer = setTimeout(() => finish({ alive: true, words }), patienceMs);
        socket.setEncoding('utf8');
        socket.on('data', (part: string) => (words += part));
        socket.on('end', () => finish({ alive: true, words }));
        socket.on('error', (error: NodeJS.ErrnoException) => {
          const nobody = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
          finish(nobody ? { alive: false } : { alive: true, words });
        });
      }),
  );
}
