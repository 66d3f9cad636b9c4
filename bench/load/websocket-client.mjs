import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** All sockets read into one buffer, one after the other: nothing is allocated per read. */
const shared = Buffer.allocUnsafe(256 * 1024);

/**
 * A WebSocket client for load: text frames without copies, a mask of zeros, what is sent in one tick leaves in one write. It checks nothing
 * that a browser would check.
 */
export class WebSocketClient {
  /** Called with the buffer and the bounds of each text frame's payload; the bytes are good during the call alone. */
  onText = () => undefined;
  onClose = () => undefined;
  closed = false;
  #socket;
  #rest = null;
  #open = null;
  #waiting = [];

  /** Connects and does the upgrade. Rejects when the server refuses it. */
  async open(port, path) {
    await new Promise((resolve, reject) => {
      this.#open = { resolve, reject };
      this.#socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: { buffer: shared, callback: (size, buffer) => this.#read(buffer, size) },
      });
      this.#socket.on('error', (error) => this.#ended(error));
      this.#socket.on('close', () => this.#ended(new Error('The server closed the connection.')));
      this.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
  }

  send(text) {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    this.#waiting.push(frameOf(0x81, Buffer.from(text)));
  }

  /** A clean end: close frame 1000, then the end of the stream. */
  close() {
    if (this.closed) return;
    this.#socket.end(frameOf(0x88, Buffer.from([0x03, 0xe8])));
  }

  /** Torn off, as by a lost network. */
  destroy() {
    this.#socket.resetAndDestroy();
  }

  #flush() {
    const frames = this.#waiting;
    this.#waiting = [];
    if (!this.closed) this.#socket.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
  }

  #ended(error) {
    if (this.closed) return;
    this.closed = true;
    this.#open?.reject(error);
    this.onClose();
  }

  #read(buffer, size) {
    let bytes = buffer.subarray(0, size);
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, bytes]);
      this.#rest = null;
    }
    let at = 0;
    if (this.#open) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = Buffer.from(bytes);
        return true;
      }
      const { resolve, reject } = this.#open;
      this.#open = null;
      const status = bytes.toString('latin1', 0, Math.min(end, 64)).split('\r\n')[0];
      if (!status.includes(' 101 ')) {
        reject(new Error(`The upgrade was refused: ${status}`));
        this.#socket.destroy();
        return true;
      }
      resolve();
      at = end + 4;
      // Whoever waits for the upgrade sets `onText` in a microtask: what came along with it is read after that.
      if (at < bytes.length) {
        const early = Buffer.from(bytes.subarray(at));
        setImmediate(() => this.#frames(early, 0));
        return true;
      }
    }
    this.#frames(bytes, at);
    return true;
  }

  #frames(bytes, from) {
    let at = from;
    const size = bytes.length;
    while (at + 2 <= size) {
      let length = bytes[at + 1] & 0x7f;
      let payload = at + 2;
      if (length === 126) {
        if (at + 4 > size) break;
        length = bytes.readUInt16BE(at + 2);
        payload = at + 4;
      } else if (length === 127) {
        if (at + 10 > size) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        payload = at + 10;
      }
      if (payload + length > size) break;
      const kind = bytes[at] & 0x0f;
      if (kind === 1) this.onText(bytes, payload, payload + length);
      else if (kind === 9) this.#socket.write(frameOf(0x8a, bytes.subarray(payload, payload + length)));
      else if (kind === 8) this.#socket.end(frameOf(0x88, bytes.subarray(payload, payload + length)));
      at = payload + length;
    }
    if (at < size) this.#rest = Buffer.from(bytes.subarray(at));
  }
}

/** A client's frame; a mask of zeros leaves the payload as it is. */
function frameOf(head, payload) {
  const { length } = payload;
  const start = length < 126 ? 6 : 8;
  const frame = Buffer.alloc(start + length);
  frame[0] = head;
  if (length < 126) {
    frame[1] = 0x80 | length;
  } else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  payload.copy(frame, start);
  return frame;
}
