import type { FastifyRequest } from 'fastify';

/** What is read and thrown away of a request that was refused, so that its sender gets to read why; in bytes and ms. */
const drained = 50 * 1024 * 1024;
const drainTime = 15_000;

/** Throws the rest of a refused request away, up to a bound; past it the connection is closed. `over` is called when nothing more comes, perhaps twice. */
export function drain({ raw }: FastifyRequest, over: () => void = () => undefined): void {
  if (raw.readableEnded || raw.destroyed) {
    over();
    return;
  }
  // Whoever read it so far may have stopped in the middle.
  raw.unpipe();
  let left = drained;
  const timer = setTimeout(() => raw.socket.destroy(), drainTime).unref();
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.socket.destroy();
  });
  const end = () => {
    clearTimeout(timer);
    over();
  };
  raw.once('close', end).once('end', end);
  raw.resume();
}
