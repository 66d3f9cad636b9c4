import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { variables } from '../../src/config/schema.js';
import { readSettings } from '../../src/config/settings.js';
import { startNginx } from '../chaos/support/nginx.js';
import { freePort } from '../support/settings.js';
import { until } from '../support/until.js';

interface Service {
  image?: string;
  build?: string;
  user?: string;
  read_only?: boolean;
  restart?: string;
  cap_drop?: string[];
  security_opt?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  tmpfs?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;
const nginx = readFileSync('deploy/nginx/nginx.conf', 'utf8');
const dockerfile = readFileSync('Dockerfile', 'utf8');
const nodes = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);

/** What Docker Compose puts in the place of `${NAME:-default}` and `${NAME:?words}`. */
function filledIn(text: string, given: Readonly<Record<string, string>>): string {
  const inner = text.replace(/\$\{(\w+):([-?])([^${}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
    const value = given[name];
    if (value === undefined && kind === '?') throw new Error(`${name} has to be given`);
    return value ?? rest;
  });
  return inner === text ? text : filledIn(inner, given);
}

describe('docker-compose.yml', () => {
  it('has two nodes whose every variable is a setting, and whose settings production takes', () => {
    expect(nodes.map(([name]) => name)).toEqual(['parley-1', 'parley-2']);
    const given = { POSTGRES_PASSWORD: 'b5f1c2', JWT_ACCESS_SECRET: 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4' };
    for (const [, { environment = {} }] of nodes) {
      expect(Object.keys(environment).filter((name) => !(name in variables))).toEqual([]);
      const filled = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(String(value), given)]));
      const settings = readSettings({ NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '3000', DATA_DIR: '/data', ...filled }, () => '');
      expect(settings).toMatchObject({ redisUrl: 'redis://redis:6379', trustProxy: 1, publicUrl: 'http://localhost:3000' });
      expect(settings.databaseUrl).toBe('postgres://parley:b5f1c2@postgres:5432/parley');
      expect(() => filledIn(String(environment['JWT_ACCESS_SECRET']), {})).toThrow('JWT_ACCESS_SECRET');
    }
  });

  it('runs nothing as root, with rights it does not need, on a writable root or for other machines', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const { read_only, cap_drop, security_opt, restart, ports = [] } = service;
      expect([name, read_only, cap_drop, security_opt, restart]).toEqual([
        name,
        true,
        ['ALL'],
        ['no-new-privileges:true'],
        'unless-stopped',
      ]);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      const unprivileged = service.build !== undefined || service.user !== undefined || /unprivileged/.test(service.image ?? '');
      expect([name, unprivileged]).toEqual([name, true]);
    }
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('waits for what is healthy, keeps what must be kept, and gives a node the time to drain', () => {
    for (const [name, { depends_on = {} }] of Object.entries(compose.services)) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const checked = compose.services[needed]!.healthcheck !== undefined || compose.services[needed]!.build !== undefined;
        expect([name, needed, condition]).toEqual([name, needed, checked ? 'service_healthy' : 'service_started']);
      }
    }
    expect(dockerfile).toContain('HEALTHCHECK');
    const named = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0]!).filter((source) => !source.startsWith('.')),
    );
    expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
    for (const [, node] of nodes) expect(Number.parseInt(node.stop_grace_period ?? '0', 10)).toBeGreaterThan(20);
  });
});

describe('nginx.conf', () => {
  it('knows every node, and the log never tells what stands behind a question mark', () => {
    for (const upstream of ['parley', 'parley_sticky']) {
      const block = new RegExp(`upstream ${upstream} \\{([^}]*)\\}`).exec(nginx)![1]!;
      expect([...block.matchAll(/server (\S+):3000/g)].map(([, name]) => name)).toEqual(nodes.map(([name]) => name));
    }
    const format = /log_format[^;]*;/.exec(nginx)![0];
    expect(format).toContain('$path_alone');
    expect(format).not.toMatch(/\$request\b|\$request_uri|\$args|\$query_string|\$http_referer/);
    expect(nginx).toMatch(/error_log \S+ crit;/);
  });

  // Where nginx is installed, it says itself whether it understands the file. Debian puts it where only root looks.
  const run = (options: string[]) =>
    spawnSync('nginx', options, { encoding: 'utf8', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } });
  const isLeftOut = run(['-v']).error !== undefined && process.env['CI'] !== 'true';
  if (isLeftOut) console.warn('nginx is not installed: whether it understands deploy/nginx/nginx.conf is not tested.');
  (isLeftOut ? it.skip : it)('lets sockets through with and without a slash, and its log keeps no token', async () => {
    const asked: string[] = [];
    const node = createServer((request, response) => {
      asked.push(request.url!);
      response.end('a node');
    });
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const proxy = await startNginx(await freePort(), [(node.address() as AddressInfo).port]);
    try {
      const paths = [
        '/ws?token=one',
        '/ws/?token=two',
        '/ws/chat/lobby/%3Ftoken=three',
        '/socket.io/?EIO=4&token=four',
        '/activate?token=five',
      ];
      for (const path of paths) {
        const { status } = await fetch(`${proxy.url}${path}`, { redirect: 'manual', headers: { referer: `${proxy.url}/?token=six` } });
        expect([path, status]).toEqual([path, 200]);
      }
      expect(asked).toEqual(paths);
      const lines = () => proxy.log().trim().split('\n');
      await until('every request is logged', () => lines().length === paths.length);
      expect(lines().map((line) => /"(.*?)"/.exec(line)![1])).toEqual(
        ['/ws', '/ws/', '/ws/chat/lobby/', '/socket.io/', '/activate'].map((path) => `GET ${path} HTTP/1.1`),
      );
      expect(proxy.log()).not.toContain('token');
    } finally {
      await proxy.stop();
      node.closeAllConnections();
      await new Promise((resolve) => node.close(resolve));
    }
  });

  (isLeftOut ? it.skip : it)('is understood by nginx', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
    try {
      const file = join(folder, 'nginx.conf');
      // The names of the nodes exist inside of Docker's network alone.
      const here = nginx.replaceAll(/parley-\d:3000/g, '127.0.0.1:3000').replaceAll(/\/tmp\/|\/dev\//g, `${folder}/`);
      writeFileSync(file, here);
      const { status, stderr } = run(['-t', '-c', file, '-p', folder]);
      expect([status, stderr]).toEqual([0, expect.stringContaining('test is successful')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
