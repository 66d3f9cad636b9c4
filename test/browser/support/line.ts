import { connect, createServer, type Socket } from 'node:net';

/** The network between one person and the server: it can be cut and mended, while the server and everybody else go on. */
export interface Line {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, the server as this person reaches it. */
  readonly url: string;
  /** Receipts (payloads of WebSocket pongs) that went to the server so far. */
  readonly receipts: readonly string[];
  /** Ends all connections without a word, and refuses new ones. */
  cut(): void;
  mend(): void;
  /** Whole, and without memory of receipts. */
  reset(): void;
  stop(): Promise<void>;
}

/** The payload of a pong that a browser sent as a chunk of its own (RFC 6455, section 5.2), or null for anything else. */
function pongPayload(chunk: Buffer): string | null {
  const isPong = chunk[0] === 0x8a && chunk.length === 6 + (chunk[1]! & 0x7f);
  if (!isPong) return null;
  return Buffer.from(chunk.subarray(6).map((byte, index) => byte ^ chunk[2 + (index % 4)]!)).toString();
}

/** Opens a line to a server on loopback that may start later. */
export async function openLine(target: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const receipts: string[] = [];
  const server = createServer((near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', (chunk: Buffer) => {
      const payload = pongPayload(chunk);
      if (payload !== null) receipts.push(payload);
    });
    near.pipe(far);
    far.pipe(near);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  const drop = () => {
    for (const socket of [...sockets]) socket.resetAndDestroy();
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    receipts,
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => {
      isCut = false;
    },
    reset: () => {
      isCut = false;
      receipts.length = 0;
    },
    stop: async () => {
      isCut = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      drop();
      await closed;
    },
  };
}
