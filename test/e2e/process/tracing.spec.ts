import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MailServer } from '../../integration/mail/mail-server.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { newPerson } from '../../support/people.js';
import { endLeftovers, failedStart, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort, temporaryFolder } from '../../support/settings.js';
import { TraceCollector } from '../../support/trace-collector.js';
import { until } from '../../support/until.js';

const tellsLoaded = ['--import', pathToFileURL(resolve('test/support/preload/tells-loaded.mjs')).href];
/** What `prom-client` and the client of Redis load themselves, if they find it, is the one package without an SDK. */
const libraries = /node_modules\/@opentelemetry\/(?!api\/)/;

describe('traces', () => {
  const notes = temporaryFolder();
  const folders = [notes];
  const mails = new MailServer();
  let collector: TraceCollector;
  let count = 0;

  /** Starts a server that writes down what it has loaded. */
  const start = async (environment: Record<string, string>) => {
    const dataDir = await freshDataFolder();
    folders.push(dataDir);
    const loadedTo = join(notes, `loaded-${(count += 1)}`);
    const server = await startServer({ DATA_DIR: dataDir, LOG_LEVEL: 'info', LOADED_TO: loadedTo, ...environment }, tellsLoaded);
    return { server, loaded: () => readFileSync(loadedTo, 'utf8').split('\n') };
  };
  const send = async (server: ServerProcess, token: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1/rooms/lobby/messages?secret=behind-the-mark`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ content: 'words of nobody else' }),
    });

  beforeAll(async () => {
    collector = await new TraceCollector().start();
    await mails.start();
  });
  afterAll(async () => {
    await collector.stop();
    await mails.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  afterEach(endLeftovers);

  it('tell of requests, batches and jobs, carry on those of the caller, name nobody, and are sent before the server stops', async () => {
    const { server, loaded } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test,service.name=not-this-one',
      OTEL_SERVICE_NAME: 'chat',
      DELETION_GRACE: '1s',
    });
    const [ann, bob] = [await newPerson({ anonymous: server.rest }, 'ann'), await newPerson({ anonymous: server.rest }, 'bob')];
    expect((await ann.rest.post('/rooms/lobby/join')).status).toBe(200);
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const carried = await send(server, ann.access, { traceparent: `00-${trace}-b7ad6b7169203331-01` });
    const own = await send(server, ann.access, { traceparent: 'nonsense' });
    for (const { status } of [carried, own]) expect(status).toBe(201);
    expect((await ann.rest.post('/users/me/export', { password: ann.password })).status).toBe(202);
    expect((await bob.rest.post('/users/me/deletion', { password: bob.password, messages: 'erase' })).status).toBe(202);

    const idOf = (answer: Response) => answer.headers.get('x-request-id')!;
    const of = async (answer: Response) =>
      collector.span('a request', ({ attributes }) => attributes['parley.request_id'] === idOf(answer));
    const [caller, alone] = [await of(carried), await of(own)];
    expect(caller).toMatchObject({ name: 'POST /api/v1/rooms/:room/messages', kind: 2, failed: false });
    expect(caller).toMatchObject({ traceId: trace, parentSpanId: 'b7ad6b7169203331' });
    expect(caller.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/v1/rooms/:room/messages',
      'http.response.status_code': 201,
      'parley.request_id': idOf(carried),
    });
    expect(caller.resource).toMatchObject({ 'service.name': 'chat', 'deployment.environment': 'test' });
    expect(alone.parentSpanId).toBeUndefined();
    expect(alone.ms).toBeGreaterThan(0);
    expect(server.output()).toContain(`"requestId":"${idOf(own)}","traceId":"${alone.traceId}"`);
    const batch = await collector.span('the batch', ({ name }) => name === 'write messages');
    expect(batch).toMatchObject({ kind: 1, attributes: { 'parley.batch.size': 1, 'parley.batch.stored': 1 } });
    expect(batch.attributes['parley.batch.waited_ms']).toBeGreaterThanOrEqual(0);
    await collector.span('the export', ({ name, attributes }) => name === 'make export' && attributes['parley.job.outcome'] === 'done');

    const last = await fetch(`${server.url}/api/v1/nowhere/${ann.id}`);
    expect(last.status).toBe(404);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(collector.spans.find(({ attributes }) => attributes['parley.request_id'] === idOf(last))).toMatchObject({ name: 'GET none' });
    expect(collector.spans.filter(({ name }) => name.includes('/health'))).toEqual([]);

    // Mails are jobs where there is a mail server; and at a start nobody waits for what is due.
    const posting = await start({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      SMTP_URL: mails.url(),
      DATA_DIR: server.dataDir,
    });
    await collector.span('the erasure', ({ name, attributes }) => name === 'erase account' && attributes['parley.job.outcome'] === 'done');
    const { status } = await posting.server.rest.post('/auth/register', {
      email: 'eve@example.org',
      username: 'eve',
      password: ann.password,
      passwordConfirmation: ann.password,
    });
    expect(status).toBe(201);
    const mail = await collector.span('the mail', ({ name }) => name === 'send mail');
    expect(mail.attributes).toEqual({ 'parley.mail.template': 'activation', 'parley.mail.attempt': 1, 'parley.job.outcome': 'done' });
    expect(mail.resource).toMatchObject({ 'service.name': 'parley' });
    expect(await posting.server.end('SIGTERM')).toBe(0);

    expect(collector.faults).toEqual([]);
    for (const secret of [ann, bob].flatMap(({ id, email, access, refresh }) => [id, email, access, refresh]))
      expect(collector.text).not.toContain(secret);
    for (const words of ['words of nobody', 'behind-the-mark', 'eve@', ann.password]) expect(collector.text).not.toContain(words);
    expect(loaded().filter((file) => libraries.test(file)).length).toBeGreaterThan(10);
  });

  it('are left out by the sampler', async () => {
    const before = collector.spans.length;
    const { server } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_off' });
    const { status } = await server.rest.get('/rooms');
    expect(status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(collector.spans).toHaveLength(before);
    expect(server.output()).not.toContain('traceId');
  });

  it('cost a warning while the collector is away, and nothing else', async () => {
    const { server } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const warnings = () => server.output().match(/the collector of traces does not take them/g)?.length ?? 0;
    await until('the warning', async () => (await server.rest.get('/rooms')).status === 200 && warnings() > 0);
    for (let more = 0; more < 20; more++) expect((await server.rest.get('/rooms')).status).toBe(200);
    const begin = performance.now();
    expect(await server.end('SIGTERM')).toBe(0);
    expect(performance.now() - begin).toBeLessThan(15_000);
    expect(warnings()).toBe(1);
  });

  it('load nothing while nobody asks for them', async () => {
    const { server, loaded } = await start({ OTEL_SERVICE_NAME: 'chat' });
    expect((await server.rest.get('/rooms')).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(loaded().some((file) => file.includes('/node_modules/prom-client/'))).toBe(true);
    expect(loaded().filter((file) => libraries.test(file))).toEqual([]);
  });

  it('with a wrong setting keep the server from starting, in words', async () => {
    const { code, output } = await failedStart({
      DATA_DIR: notes,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '7',
      OTEL_RESOURCE_ATTRIBUTES: 'production',
    });
    expect(code).toBe(1);
    for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_RESOURCE_ATTRIBUTES'])
      expect(output).toContain(`- ${name} must be `);
  });
});
