import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an upgrade request with an HTTP status instead and closes. */
export function refuseUpgrade(socket: Duplex, status: 403 | 404 | 429 | 503): void {
  const words = STATUS_CODES[status] ?? '';
  if (!socket.writable) return;
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${words}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${words.length}`,
      '',
      words,
    ].join('\r\n'),
  );
}
