import { connect, createServer, type Socket } from 'node:net';

/** A network whose way back can be lost: what a client sends arrives, and nothing of the answer comes. */
export interface OneWayNetwork {
  /** The server as it is reached through here. */
  readonly url: string;
  readonly wsUrl: string;
  /** From now on bytes of the server are dropped; new connections, too. */
  mute(): void;
  unmute(): void;
  /** Resets every connection: after lost bytes none is good for anything. */
  reset(): void;
  stop(): Promise<void>;
}

/** Opens such a network in front of a server on loopback. */
export async function openOneWayNetwork(target: number): Promise<OneWayNetwork> {
  const sockets = new Set<Socket>();
  let isMute = false;
  const server = createServer((near) => {
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
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      if (!isMute) near.write(chunk);
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  const reset = (): void => {
    for (const socket of [...sockets]) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    mute: () => {
      isMute = true;
    },
    unmute: () => {
      isMute = false;
    },
    reset,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      reset();
      await closed;
    },
  };
}
