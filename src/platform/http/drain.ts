import type { FastifyRequest } from 'fastify';

/** What is read and thrown away of a request that was refused, so that its sender gets to read why; in bytes and ms. */
const drained = 50 * 1024 * 1024;
const drainTime = 15_000;

/** Throws the rest of a refused request away, up to a bound; past it the connection is closed. */
export function drain({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return;
  let left = drained;
  const timer = setTimeout(() => raw.socket.destroy(), drainTime).unref();
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.socket.destroy();
  });
  raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  raw.resume();
}
