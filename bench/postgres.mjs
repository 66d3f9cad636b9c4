import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './server-process.mjs';

/** The folder of the newest server programs. @throws Error when there are none */
function programs() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.find((folder) => folder !== '' && ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
  if (!found) throw new Error('The benchmark needs the programs of PostgreSQL (initdb, postgres); on Debian: apt-get install postgresql.');
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as somebody else. */
function account() {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = lines.find((entry) => /^postgres:/.test(entry)) ?? lines.find((entry) => /^nobody:/.test(entry));
  if (!line) throw new Error('PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody".');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Starts a PostgreSQL of its own with default settings (fsync on) in a throw-away folder. `stop` ends it and removes the folder. */
export async function startPostgres() {
  const bin = programs();
  const owner = account();
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-pg-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'],
    {
      ...owner,
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  const settings = [`listen_addresses = '127.0.0.1'`, `port = ${port}`, `unix_socket_directories = '${folder}'`];
  writeFileSync(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  const child = spawn(join(bin, 'postgres'), ['-D', data], { ...owner, stdio: 'ignore' });
  const killWithUs = () => {
    child.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', killWithUs);
  const url = (database) => `postgres://postgres@127.0.0.1:${port}/${database}`;

  const ask = async (database, sql, values) => {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
  for (let tries = 0; ; tries++) {
    try {
      await ask('postgres', 'SELECT 1');
      break;
    } catch (cause) {
      if (tries > 200 || child.exitCode !== null) throw new Error('PostgreSQL does not start.', { cause });
      await sleep(50);
    }
  }
  return {
    pid: child.pid,
    url,
    ask,
    async stop() {
      process.off('exit', killWithUs);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
