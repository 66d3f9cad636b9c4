import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { fastifyOptions } from './fastify-options.js';
import { arrivalTimes, limitArrival } from './arrival.js';

describe('a body that does not arrive', () => {
  let server: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    server = fastify(fastifyOptions({ trustProxy: false }));
    limitArrival(server, { ...arrivalTimes, body: 100 });
    server.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
      payload.resume().once('end', () => done(null));
    });
    server.post('/', async () => 'arrived');
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  /** Sends a head and the parts of a body, each when the one before is gone, and gives all that was answered. */
  async function send(type: string, parts: { text: string; after: number }[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const length = parts.reduce((sum, { text }) => sum + text.length, 0);
    socket.write(`POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`);
    for (const { text, after } of parts) {
      await new Promise((resolve) => setTimeout(resolve, after));
      if (!socket.destroyed) socket.write(text);
    }
    await closed;
    return answer;
  }

  it('is answered with 408 when its time is over', async () => {
    const answer = await send('application/json', [
      { text: '{', after: 0 },
      { text: '}', after: 1_000 },
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request.timeout"');
  });

  it('does not matter once it has arrived, and a form has longer', async () => {
    expect(await send('application/json', [{ text: '{}', after: 0 }])).toMatch(/^HTTP\/1\.1 200 /);
    const slow = [
      { text: 'x', after: 0 },
      { text: 'y', after: 300 },
    ];
    expect(await send('multipart/form-data; boundary=b', slow)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
