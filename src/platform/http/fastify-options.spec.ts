import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Query, Req } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../common/parse.js';
import { ConfigModule } from '../../config/config.module.js';
import { readSettings } from '../../config/settings.js';
import { problem } from '../../contracts/index.js';
import { PinoLogger } from '../logging/index.js';
import { MetricsModule } from '../metrics/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { serveWeb } from '../web/index.js';
import { configureFastify, fastifyOptions, nestOptions } from './fastify-options.js';
import { ProblemFilter } from './problem.filter.js';

@Controller()
class EchoController {
  @Post('api/v1/echo')
  echo(@Body() body: unknown) {
    return { body: body ?? null };
  }

  @Get('api/v1/strict')
  strict(@Query() query: unknown) {
    return parseInput(z.strictObject({ a: z.string().optional() }), query);
  }

  @Get('api/v1/rooms/:room')
  room(@Param('room') room: string) {
    return { room };
  }

  @Get('api/v1/who')
  who(@Req() request: FastifyRequest) {
    return { ip: request.ip, id: request.id };
  }

  @Get('api/v1/broken')
  broken() {
    throw new Error('canary in a stack');
  }
}

@Module({
  imports: [MetricsModule, TelemetryModule],
  controllers: [EchoController],
  providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
})
class EchoModule {}

const lines: string[] = [];

interface Answer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  body: string;
  json(): unknown;
}

interface Question {
  method?: string;
  url: string;
  headers?: Record<string, string>;
  payload?: string | Buffer;
}

/** A request as it is written, without the tidying of a browser. */
async function ask(app: NestFastifyApplication, question: string | Question): Promise<Answer> {
  const { method = 'GET', url, headers = {}, payload } = typeof question === 'string' ? { url: question } : question;
  const { port } = app.getHttpServer().address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path: url, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body, json: () => JSON.parse(body) as unknown });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

async function start(env: Record<string, string>, root: string): Promise<NestFastifyApplication> {
  const settings = readSettings({ NODE_ENV: 'test', PUBLIC_URL: 'http://localhost:3000', ...env }, () => 'x'.repeat(40));
  const logger = new PinoLogger({ logLevel: 'debug', nodeEnv: 'test' }, { write: (line) => void lines.push(line) });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: EchoModule, imports: [ConfigModule.forRoot(settings)] },
    new FastifyAdapter(fastifyOptions(settings)),
    {
      ...nestOptions,
      logger,
      abortOnError: false,
    },
  );
  await configureFastify(app, settings, logger);
  serveWeb(app, root);
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('the HTTP door', () => {
  let app: NestFastifyApplication;
  let root: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'parley-web-'));
    mkdirSync(join(root, 'assets'));
    writeFileSync(join(root, 'index.html'), '<title>client</title>');
    writeFileSync(join(root, 'assets', 'index-AbCd1234.js'), '1');
    app = await start({ TRUST_PROXY: '1' }, root);
  });
  afterAll(async () => {
    await app.close();
    rmSync(root, { recursive: true, force: true });
  });

  const post = (payload: string | Buffer, type: string | null = 'application/json') =>
    ask(app, { method: 'POST', url: '/api/v1/echo', payload, headers: type === null ? {} : { 'content-type': type } });

  function expectProblem(
    response: { statusCode: number; headers: Record<string, unknown>; body: string },
    status: number,
    code: string,
  ): void {
    expect({ status: response.statusCode, body: response.body }).toMatchObject({ status, body: expect.stringContaining(`"${code}"`) });
    expect(response.headers['content-type']).toContain('application/problem+json');
    problem.parse(JSON.parse(response.body));
  }

  describe('bodies', () => {
    it('takes JSON, with a byte order mark or a charset too', async () => {
      expect((await post('{"a":"ї"}')).json()).toEqual({ body: { a: 'ї' } });
      expect((await post('\ufeff{"a":1}')).json()).toEqual({ body: { a: 1 } });
      expect((await post('{"a":1}', 'application/json; charset=utf-8')).json()).toEqual({ body: { a: 1 } });
    });

    it('takes an empty one for none', async () => {
      expect((await post('')).json()).toEqual({ body: null });
      expect((await ask(app, { method: 'POST', url: '/api/v1/echo' })).json()).toEqual({ body: null });
    });

    it.each([
      ['no JSON', '{"a":'],
      ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
      ['__proto__', '{"__proto__":{"admin":true}}'],
      ['an escaped __proto__', '{"\\u005f_proto__":{"admin":true}}'],
      ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}'],
      ['10,000 levels', '['.repeat(10_000) + ']'.repeat(10_000)],
      ['100,000 levels', '{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000)],
    ])('refuses %s as malformed', async (_, payload) => {
      const start = performance.now();
      expectProblem(await post(payload), 400, 'request.malformed');
      expect(performance.now() - start).toBeLessThan(5_000);
    });

    it('counts brackets inside texts for text', async () => {
      const text = `${'['.repeat(500)}\\"${'{'.repeat(500)}`;
      expect((await post(`{"a":"${text}"}`)).statusCode).toBe(201);
    });

    it('refuses what is too large, announced or not', async () => {
      expectProblem(await post(`"${'x'.repeat(256 * 1024)}"`), 413, 'request.too-large');
      const huge = await post(`"${'x'.repeat(10_000_000)}"`);
      expectProblem(huge, 413, 'request.too-large');
      // Closed under a sender who still writes, the connection would take the answer with it.
      expect(huge.headers.connection).not.toBe('close');
    });

    it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'nonsense', null])(
      'refuses the type %s',
      async (type) => {
        expectProblem(await post('a=1', type), 415, 'request.unsupported-media-type');
      },
    );
  });

  describe('addresses', () => {
    it('a doubled, unknown or poisonous query parameter is an invalid field', async () => {
      for (const query of ['a=1&a=2', 'b=1', '__proto__=1', 'a[]=1', 'constructor=1', 'a[x]=1', '=1']) {
        expectProblem(await ask(app, `/api/v1/strict?${query}`), 422, 'request.invalid');
      }
      expect((await ask(app, '/api/v1/strict?a=1')).json()).toEqual({ a: '1' });
    });

    it('takes names of 128 letters of any script, and finds nothing beyond all sense', async () => {
      for (const name of ['ж'.repeat(128), '語'.repeat(128), '𐍈'.repeat(128)]) {
        expect((await ask(app, `/api/v1/rooms/${encodeURIComponent(name)}`)).json()).toEqual({ room: name });
      }
      expectProblem(await ask(app, `/api/v1/rooms/${'x'.repeat(301)}`), 404, 'route.not-found');
    });

    it('what cannot be decoded is malformed', async () => {
      for (const path of ['/%', '/api/v1/rooms/%ff', '/api/v1/rooms/%E0%A4%A'])
        expectProblem(await ask(app, path), 400, 'request.malformed');
    });

    it('runs the same handler for the last slash, and none for other spellings', async () => {
      expect((await ask(app, '/api/v1/who/')).statusCode).toBe(200);
      expect((await ask(app, { method: 'HEAD', url: '/api/v1/who' })).statusCode).toBe(200);
      for (const path of ['/API/v1/who', '/api/v1/who.', '/api//v1/who', '/api/v1/nothing'])
        expectProblem(await ask(app, path), 404, 'route.not-found');
      expectProblem(await ask(app, { method: 'PATCH', url: '/api/v1/who' }), 404, 'route.not-found');
    });
  });

  it('tells nothing of an unexpected error but its request id', async () => {
    const response = await ask(app, '/api/v1/broken');
    expectProblem(response, 500, 'server.internal');
    expect(response.body).not.toContain('canary');
    expect(response.json()).toMatchObject({ requestId: response.headers['x-request-id'] });
  });

  it('answers what is no HTTP by a problem, and closes', async () => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket
          .on('data', (chunk) => (answer += chunk.toString()))
          .on('close', () => resolve(answer))
          .on('error', reject);
      });
    await expect(say('NONSENSE\r\n\r\n')).resolves.toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*request\.malformed/);
    await expect(say(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`)).resolves.toMatch(/^HTTP\/1\.1 431 /);
  });

  it('believes as many proxies as it was told, and no forged address', async () => {
    const who = async (forwarded?: string) =>
      ((await ask(app, { url: '/api/v1/who', headers: forwarded ? { 'x-forwarded-for': forwarded } : {} })).json() as { ip: string }).ip;
    expect(await who()).toBe('127.0.0.1');
    expect(await who('203.0.113.7')).toBe('203.0.113.7');
    expect(await who('198.51.100.1, 203.0.113.7')).toBe('203.0.113.7');
    const direct = await start({}, root);
    try {
      const response = await ask(direct, { url: '/api/v1/who', headers: { 'x-forwarded-for': '203.0.113.7', 'x-request-id': 'forged' } });
      expect(response.json()).toMatchObject({ ip: '127.0.0.1', id: expect.stringMatching(/^[0-9a-f]{6}-[0-9a-z]+$/) });
    } finally {
      await direct.close();
    }
  });

  describe('headers', () => {
    it('are strict on every answer, and private JSON is never stored', async () => {
      for (const url of ['/', '/api/v1/who', '/api/v1/nothing', '/api/v1/broken']) {
        const { headers } = await ask(app, url);
        expect(headers['content-security-policy']).toContain("default-src 'self';connect-src 'self' ws: wss:");
        expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
        expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
        expect(headers['strict-transport-security']).toBeUndefined();
        if (url.startsWith('/api')) expect(headers['cache-control']).toBe('no-store');
      }
    });

    it('insist on https where the public address is https', async () => {
      const secure = await start({ PUBLIC_URL: 'https://chat.example.org' }, root);
      try {
        expect((await ask(secure, '/')).headers['strict-transport-security']).toBe('max-age=31536000');
      } finally {
        await secure.close();
      }
    });

    it('let allowed origins call with credentials, and nobody else', async () => {
      const preflight = (origin: string) =>
        ask(app, { method: 'OPTIONS', url: '/api/v1/echo', headers: { origin, 'access-control-request-method': 'POST' } });
      const good = await preflight('http://localhost:3000');
      expect(good.statusCode).toBe(204);
      expect(good.headers).toMatchObject({
        'access-control-allow-origin': 'http://localhost:3000',
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      });
      for (const origin of [
        'http://evil.example',
        'null',
        'https://localhost:3000',
        'http://localhost:3000.evil.example',
        'http://x.localhost:3000',
      ]) {
        const bad = await preflight(origin);
        expectProblem(bad, 403, 'auth.origin-refused');
        expect(bad.headers['access-control-allow-origin']).toBeUndefined();
        const plain = await ask(app, { url: '/api/v1/who', headers: { origin } });
        expect(plain.headers['access-control-allow-origin']).toBeUndefined();
      }
      const failed = await ask(app, { url: '/api/v1/nothing', headers: { origin: 'http://localhost:3000' } });
      expect(failed.headers).toMatchObject({ 'access-control-expose-headers': expect.stringContaining('Retry-After') });
    });
  });

  describe('the web client', () => {
    const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

    it('is served at /, hashed files for ever and the page anew each time', async () => {
      const index = await ask(app, { url: '/', headers: page });
      expect(index.body).toBe('<title>client</title>');
      expect(index.headers['cache-control']).toBe('no-cache');
      const script = await ask(app, '/assets/index-AbCd1234.js');
      expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(script.headers['content-type']).toContain('javascript');
    });

    it('answers addresses of its own with the page', async () => {
      for (const url of ['/activate?token=x', '/rooms/lobby', '/documents']) {
        const response = await ask(app, { url, headers: page });
        expect({ url, status: response.statusCode, body: response.body }).toEqual({ url, status: 200, body: '<title>client</title>' });
        expect(response.headers['cache-control']).toBe('no-cache');
      }
    });

    it('shows the page at the addresses of mails to whoever does not say what they read', async () => {
      for (const url of [
        '/activate?token=x',
        '/confirm-email?token=x',
        '/invite/abc',
        '/login',
        '/register?invitation=x',
        '/reset-password',
      ]) {
        for (const headers of [{}, { accept: '*/*' }] as Record<string, string>[]) {
          expect((await ask(app, { url, headers })).body).toBe('<title>client</title>');
        }
        expectProblem(await ask(app, { url, headers: { accept: 'application/json' } }), 404, 'route.not-found');
      }
      expectProblem(await ask(app, '/rooms/lobby'), 404, 'route.not-found');
    });

    it('leaves everything else a 404', async () => {
      for (const url of [
        '/api/v1/x',
        '/api',
        '/ws/chat/',
        '/socket.io/',
        '/docs/x',
        '/dev/x',
        '/health/x',
        '/metrics/x',
        '/assets/missing.js',
        '/favicon.ico',
        '/../package.json',
        '/%2e%2e/package.json',
      ]) {
        expectProblem(await ask(app, { url, headers: page }), 404, 'route.not-found');
      }
      expectProblem(await ask(app, { url: '/rooms/lobby', headers: { accept: 'application/json' } }), 404, 'route.not-found');
      expectProblem(await ask(app, { method: 'POST', url: '/rooms/lobby', headers: page }), 404, 'route.not-found');
    });

    it('says how to build it when it is missing', async () => {
      const bare = await start({}, join(root, 'nowhere'));
      try {
        const response = await ask(bare, { url: '/', headers: page });
        expect(response.body).toContain('npm start');
        expect((await ask(bare, { url: '/rooms/lobby', headers: page })).statusCode).toBe(404);
      } finally {
        await bare.close();
      }
    });
  });

  it('logs one line per request: the pattern, the path without its query, and nothing secret; and counts it', async () => {
    lines.length = 0;
    await ask(app, '/api/v1/rooms/lobby?token=C4nary');
    await ask(app, '/api/v1/nothing?token=C4nary');
    const seen = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request');
    expect(seen[0]).toMatchObject({
      method: 'GET',
      route: '/api/v1/rooms/:room',
      path: '/api/v1/rooms/lobby',
      status: 200,
      ms: expect.any(Number),
    });
    expect(seen[1]).toMatchObject({ route: 'none', status: 404 });
    expect(lines.join('')).not.toContain('C4nary');
    const metrics = (await ask(app, '/metrics')).body;
    expect(metrics).toContain('parley_http_requests_total{method="GET",route="/api/v1/rooms/:room",status="200"}');
    expect(metrics).not.toContain('lobby');
  });
});
