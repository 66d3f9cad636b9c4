import { WebSocketClient } from './websocket-client.mjs';

/** What the marked messages of the load look like: `~SSSS.NNNNNNN`, the sender's number in its room and the message's number of that sender. */
const marker = 0x7e;

/** A number in `length` digits of ASCII at `at`. */
function digits(bytes, at, length) {
  let number = 0;
  for (let i = at; i < at + length; i++) number = number * 10 + bytes[i] - 48;
  return number;
}

/** What a message of the load says: the marker, and words up to about a hundred characters. */
export function contentOf(sender, number) {
  return `~${String(sender).padStart(4, '0')}.${String(number).padStart(7, '0')} The quick brown fox jumps over the lazy dog and comes back to tell of it.`;
}

/**
 * One signed-in client of a chat server, as cheap as it can be: it looks at the head of a frame for an acknowledgement and for the marker of
 * a message, and parses JSON only for what it waits for.
 */
class ChatClient {
  /** Called with (sender, number) for each marked message. */
  onMessage = () => undefined;
  /** Called with (id, ok) for each acknowledgement of `send`. */
  onAcknowledged = () => undefined;
  failure = null;
  socket = new WebSocketClient();
  #requests = new Map();
  #nextRequest = 1_000_000_000;

  get closed() {
    return this.socket.closed;
  }

  close() {
    this.socket.close();
  }

  destroy() {
    this.socket.destroy();
  }

  /** Sends a command and waits for its answer. Rejects after 30 s, and when the answer says no. */
  async request(event, data) {
    const id = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#settle(id, new Error(`${event} was not answered`)), 30_000);
      this.#requests.set(id, { resolve, reject, late });
      this.socket.send(this.command(id, event, data));
    });
  }

  acknowledged(id, bytes, from, to, ok) {
    if (id < 1_000_000_000) {
      if (!ok) this.failure ??= bytes.toString('utf8', from, to);
      this.onAcknowledged(id, ok);
      return;
    }
    const answer = this.answerOf(bytes.toString('utf8', from, to));
    this.#settle(id, ok ? null : new Error(JSON.stringify(answer)), answer);
  }

  message(bytes, from, to) {
    const at = bytes.indexOf(marker, from);
    if (at >= 0 && at < to) this.onMessage(digits(bytes, at + 1, 4), digits(bytes, at + 6, 7));
  }

  #settle(id, error, answer) {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    clearTimeout(request.late);
    if (error) request.reject(error);
    else request.resolve(answer);
  }
}

/** JSON frames: `{"event","data","id"}` → `{"id","ok",…}`. */
export class PlainClient extends ChatClient {
  async open(port, path) {
    this.socket.onText = (bytes, from, to) => this.#text(bytes, from, to);
    await this.socket.open(port, path);
  }

  command(id, event, data) {
    return `{"event":"${event}","data":${JSON.stringify(data)},"id":${id}}`;
  }

  answerOf(text) {
    return JSON.parse(text);
  }

  #text(bytes, from, to) {
    // {"id":N,"ok":true …
    if (bytes[from + 2] !== 0x69) {
      this.message(bytes, from, to);
      return;
    }
    let at = from + 6;
    let id = 0;
    for (; bytes[at] >= 48 && bytes[at] <= 57; at++) id = id * 10 + bytes[at] - 48;
    this.acknowledged(id, bytes, from, to, bytes[at + 6] === 0x74);
  }
}

/** Socket.IO's protocol 5 over a WebSocket, without the library: the generator must not cost more than the server. */
export class SocketIoClient extends ChatClient {
  #connected = null;

  /** Resolves when the namespace is connected. */
  async open(port, path) {
    const connected = new Promise((resolve, reject) => (this.#connected = { resolve, reject }));
    this.socket.onText = (bytes, from, to) => this.#text(bytes, from, to);
    this.socket.onClose = () => this.#connected.reject(new Error('closed'));
    connected.catch(() => undefined);
    await this.socket.open(port, path);
    await connected;
  }

  command(id, event, data) {
    return `42${id}["${event}",${JSON.stringify(data)}]`;
  }

  answerOf(text) {
    return JSON.parse(text.slice(text.indexOf('[')))[0];
  }

  #text(bytes, from, to) {
    const engine = bytes[from];
    if (engine === 0x32) this.socket.send('3');
    else if (engine === 0x30) this.socket.send('40');
    else if (engine === 0x34) this.#packet(bytes, from, to);
  }

  #packet(bytes, from, to) {
    const kind = bytes[from + 1];
    if (kind === 0x32) {
      this.message(bytes, from, to);
    } else if (kind === 0x33) {
      // 43N[{"ok":true …
      let at = from + 2;
      let id = 0;
      for (; bytes[at] >= 48 && bytes[at] <= 57; at++) id = id * 10 + bytes[at] - 48;
      this.acknowledged(id, bytes, from, to, bytes[at + 7] === 0x74);
    } else if (kind === 0x30) {
      this.#connected.resolve();
    } else if (kind === 0x34) {
      this.#connected.reject(new Error(bytes.toString('utf8', from, to)));
    }
  }
}
