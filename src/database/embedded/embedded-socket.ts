import { Duplex } from 'node:stream';
import type { EmbeddedServer, EmbeddedSession } from './embedded-server.js';
import { startupLength, terminate, welcome, wholeRequests } from './protocol-frames.js';

/**
 * What `pg` takes for a TCP socket, with the embedded database at the other end. The real driver on top makes every value, error and
 * prepared statement the same as with a server. "Connecting" means to wait for one's turn; closing gives the turn away.
 */
export class EmbeddedSocket extends Duplex {
  readonly #server: EmbeddedServer;
  #session: EmbeddedSession | undefined;
  #greeted = false;
  #held: Buffer = Buffer.alloc(0);

  constructor(server: EmbeddedServer) {
    super();
    this.#server = server;
  }

  connect(): void {
    this.#server.openSession().then(
      async (session) => {
        if (this.destroyed) return session.end();
        this.#session = session;
        this.emit('connect');
      },
      (error: Error) => this.destroy(error),
    );
  }

  // The parts of a socket that mean nothing here, and that `pg` calls.
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this._writev([{ chunk }], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#held = Buffer.concat([this.#held, ...chunks.map(({ chunk }) => chunk)]);
    this.#serve().then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const session = this.#session;
    this.#session = undefined;
    if (session) session.end().then(() => done(error), done);
    else done(error);
  }

  async #serve(): Promise<void> {
    if (!this.#greeted && !this.#greet()) return;
    const length = wholeRequests(this.#held);
    if (length === 0 || !this.#session) return;
    const requests = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    if (requests[0] === terminate) return;
    const answer = await this.#session.execute(requests);
    if (!this.destroyed) this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
  }

  /** The start-up message is answered here: the backend has one user and one database, and runs already. */
  #greet(): boolean {
    const length = startupLength(this.#held);
    if (length === undefined) return false;
    this.#held = this.#held.subarray(length);
    this.#greeted = true;
    this.push(welcome);
    return true;
  }
}
