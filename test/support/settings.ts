import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, type Settings } from '../../src/config/settings.js';

/** A port that is free on loopback at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A throw-away data folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parley-test-'));
}

/** Settings of a test server: everything by default, on a free port and in a throw-away folder, unless `environment` says otherwise. */
export async function testSettings(environment: Record<string, string> = {}): Promise<Settings> {
  const port = environment['PORT'] ?? String(await freePort());
  return readSettings(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: environment['DATA_DIR'] ?? temporaryFolder(),
      ...environment,
    },
    () => 'test-root-key-0123456789-abcdefghijklmnop',
  );
}
