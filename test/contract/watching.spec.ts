import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Health } from '../../src/platform/health/index.js';
import { Draining } from '../../src/realtime/transports/index.js';
import { PlainClient } from '../support/connect-plain-ws.js';
import { SocketIoClient } from '../support/connect-socket-io.js';
import { startApp, type TestApp } from '../support/create-app.js';
import { newPerson, type TestPerson } from '../support/people.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

interface Panel {
  title: string;
  type: string;
  targets?: { expr: string }[];
}

/** Prometheus makes this one itself. */
const scraped = 'up';

/** There only where REDIS_URL is set; the class that has them must know them. */
const withRedis = ['parley_redis_up'];

/** The metrics that an expression names; functions and labels are none. */
function metricsOf(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}/g, '').replace(/\b(?:by|without) \([^)]*\)/g, '');
  return [...bare.matchAll(/\b(?:parley|nodejs|process)_[a-z0-9_]+\b|\bup\b/g)].map(([name]) => name);
}

describe('what is watched', () => {
  let app: TestApp;
  let ann: TestPerson;

  beforeAll(async () => {
    app = await startApp();
    ann = await newPerson(app, 'ann');
  });
  afterAll(() => app.close());

  const text = async () => (await fetch(`${app.url}/metrics`)).text();
  /** A sample's value; NaN when there is none. */
  const value = async (sample: string): Promise<number> =>
    Number(
      (await text())
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.slice(sample.length + 1) ?? Number.NaN,
    );

  const rules = (parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    (group) => group.rules,
  );
  const dashboard = JSON.parse(readFileSync('deploy/grafana/parley.json', 'utf8')) as { uid: string; panels: Panel[] };

  it('every metric that the alert rules and the dashboard name is there', async () => {
    const there = new Set([scraped, ...withRedis]);
    const ofNodes = readFileSync('src/platform/nodes/nodes-metrics.ts', 'utf8');
    for (const name of withRedis) expect(ofNodes).toContain(`'${name}'`);
    for (const [, name, type] of (await text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      there.add(name!);
      if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) there.add(`${name}_${part}`);
    }
    const asked = [
      ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
      ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expr }))),
    ];
    expect(asked.length).toBeGreaterThan(40);
    for (const { where, expr } of asked) {
      const names = metricsOf(expr);
      expect([where, names.length > 0]).toEqual([where, true]);
      expect([where, names.filter((name) => !there.has(name))]).toEqual([where, []]);
    }
  });

  it('every value of a label that they pick out is there', async () => {
    const lines = await text();
    for (const { expr } of rules) {
      for (const [, metric, label, values] of expr.matchAll(/(parley_(?!http_)\w+)\{(\w+)=~?"([^"]+)"\}/g)) {
        for (const one of values!.split('|')) expect(lines).toContain(`${metric}{${label}="${one}"}`);
      }
    }
  });

  it('rules and panels say in words what they are about', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { labels, annotations } of rules) {
      expect(['page', 'warn']).toContain(labels.severity);
      expect(annotations.summary.length * annotations.description.length).toBeGreaterThan(0);
    }
    for (const { title } of dashboard.panels) expect(title).toMatch(/\S/);
  });

  it('sockets, messages, deliveries, commands, closes and refused log-ins are counted, and nobody is named', async () => {
    const before = {
      stored: await value('parley_messages_stored_total'),
      delivered: await value('parley_deliveries_total'),
      opened: await value('parley_connections_opened_total'),
    };
    const socketIo = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const plain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    for (const client of [socketIo, plain]) await client.command('room.join', { room: 'lobby' });
    await socketIo.command('message.send', { room: 'lobby', content: 'counted' });
    for (const client of [socketIo, plain]) await client.event('message.created', ({ message }) => message.content === 'counted');
    expect(await plain.command('message.send', { room: 'lobby' })).toMatchObject({ ok: false });
    const badLogin = await app.anonymous.post('/auth/login', { login: 'ann', password: 'not the right one' });
    expect(badLogin.status).toBe(401);
    await expect(SocketIoClient.connect(app.url, { auth: { token: 'nonsense' } })).rejects.toMatchObject({ code: 'auth.token-invalid' });

    expect(await value('parley_connections{transport="socket.io"}')).toBe(1);
    expect(await value('parley_connections{transport="plain"}')).toBe(1);
    expect(await value('parley_people_connected')).toBe(1);
    expect(await value('parley_rooms_followed')).toBe(1);
    expect(await value('parley_connections_opened_total')).toBe(before.opened + 2);
    expect(await value('parley_messages_stored_total')).toBe(before.stored + 1);
    expect(await value('parley_writer_batch_size_sum')).toBe(before.stored + 1);
    expect(await value('parley_deliveries_total')).toBe(before.delivered + 2);
    expect(await value('parley_commands_total{outcome="done"}')).toBe(3);
    expect(await value('parley_commands_total{outcome="refused"}')).toBe(1);
    expect(await value('parley_login_failures_total{reason="auth.credentials-invalid"}')).toBe(1);
    expect(await value('parley_handshakes_refused_total')).toBe(1);
    expect(await value('parley_draining')).toBe(0);
    // The database is asked for these; on a busy machine it may not answer in time.
    while ((await value('parley_ready')) !== 1) await sleep(50);
    while ((await value('parley_mails_waiting')) !== 0) await sleep(50);

    await ann.rest.post('/auth/logout', { refresh: ann.refresh });
    expect((await plain.closed).code).toBe(4410);
    await socketIo.closed;
    expect(await value('parley_connections_closed_by_server_total{code="4410"}')).toBe(2);
    const everything = await text();
    for (const secret of [ann.id, ann.username, ann.email, ann.access]) expect(everything).not.toContain(`"${secret}"`);
  });
});

describe('a node that is about to stop', () => {
  it('is not ready, takes no new sockets, and ends connections with its answers', async () => {
    const app = await startApp();
    try {
      expect(await app.anonymous.get('!/health/ready')).toMatchObject({ status: 200 });
      app.app.get(Health).startDraining();
      await app.app.get(Draining).drain(0);
      const ready = await app.anonymous.get('!/health/ready');
      expect(ready).toMatchObject({ status: 503, body: { status: 'stopping' } });
      expect(ready.headers.get('connection')).toBe('close');
      expect(await app.anonymous.get('!/health/live')).toMatchObject({ status: 200 });
      expect(await app.anonymous.get('/rooms')).toMatchObject({ status: 200 });
      await expect(PlainClient.connect(`${app.wsUrl}/ws/`)).rejects.toMatchObject({ status: 503 });
      expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('parley_draining 1');
    } finally {
      await app.close();
    }
  });
});
