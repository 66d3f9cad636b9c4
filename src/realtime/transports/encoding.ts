import type { Frame } from '../frame.js';

const DATA = Symbol('data as JSON');

/** The event's data as JSON, made once for all transports. */
export function dataJson(frame: Frame): string {
  return frame.encoded(DATA, ({ data }) => JSON.stringify(data));
}

/**
 * A complete WebSocket text frame from a server (RFC 6455, 5.2): final, unmasked, uncompressed. The bytes are the same for every socket, so
 * one buffer serves all of them; several frames may be joined into one buffer.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
