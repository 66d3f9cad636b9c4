import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { messageDeadline } from './bounds.js';
import { type HouseWebSocket, HouseWebSocketServer } from './house-websocket.js';

/** A mask of zeros: the bytes stay what they are. */
const mask = [0, 0, 0, 0];

describe('a message that has begun', () => {
  let http: Server;
  let server: HouseWebSocketServer;
  let client: WebSocket;
  let received: string[];

  beforeEach(async () => {
    http = createServer();
    server = new HouseWebSocketServer();
    received = [];
    const served = new Promise<HouseWebSocket>((resolve) => {
      http.on('upgrade', (request, socket, head) =>
        server.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on('message', (data) => received.push((data as Buffer).toString()));
          resolve(webSocket);
        }),
      );
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    await new Promise((resolve) => client.once('open', resolve));
    await served;
  });
  afterEach(() => {
    client.terminate();
    server.terminateAll();
    http.close();
  });

  const write = (bytes: readonly number[]) => (client as unknown as { _socket: Socket })._socket.write(Buffer.from(bytes));
  /** Resolves when the server has read everything that was sent so far: it answers pings in their turn. */
  const read = async () =>
    new Promise<void>((resolve) => {
      client.once('pong', () => resolve());
      client.ping();
    });
  const beginnings: [string, readonly number[]][] = [
    ['in fragments of which the last never comes', [0x01, 0x81, ...mask, 0x61]],
    ['with an empty fragment of which the last never comes', [0x01, 0x80, ...mask]],
  ];

  it.each(beginnings)('%s is cut off after its time, although pings are answered', async (_name, bytes) => {
    write(bytes);
    await read();
    const begun = performance.now();
    server.cutUnfinished(begun);
    await read();
    server.cutUnfinished(begun + messageDeadline - 1);
    await read();
    const closed = new Promise((resolve) => client.once('close', resolve));
    server.cutUnfinished(begun + messageDeadline);
    expect(await closed).toBe(1006);
  });

  it('with a frame that stops in the middle is cut off, too', async () => {
    const arrived = new Promise<void>((resolve) => {
      const [socket] = server.clients;
      (socket as unknown as { _socket: Socket })._socket.once('data', () => setImmediate(resolve));
    });
    write([0x81, 0x8a, ...mask, 0x61]);
    await arrived;
    const closed = new Promise((resolve) => client.once('close', resolve));
    server.cutUnfinished(0);
    server.cutUnfinished(messageDeadline);
    expect(await closed).toBe(1006);
  });

  it('and ends in time leaves its sender alone, also when the next one has begun at once', async () => {
    for (let n = 0; n < 5; n++) {
      write([0x01, 0x81, ...mask, 0x61]);
      await read();
      server.cutUnfinished(n * (messageDeadline - 1));
      write([0x80, 0x81, ...mask, 0x62]);
    }
    write([0x01, 0x81, ...mask, 0x61]);
    await read();
    server.cutUnfinished(6 * messageDeadline);
    await read();
    expect(received).toEqual(Array(5).fill('ab'));
    expect(client.readyState).toBe(WebSocket.OPEN);
  });
});
