import 'reflect-metadata';
import { rmSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Settings } from '../../src/config/settings.js';
import { createApp } from '../../src/create-app.js';
import { freshDataFolder } from './database-templates.js';
import { RestClient } from './rest-client.js';
import { testSettings } from './settings.js';

/** A whole server in this process, listening on loopback. */
export interface TestApp {
  readonly settings: Settings;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `ws://127.0.0.1:PORT` */
  readonly wsUrl: string;
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  /** Nobody's client: no credentials. */
  readonly anonymous: RestClient;
  /** Stops the server; the data folder stays for `restart`. */
  stop(): Promise<void>;
  /** Stops the server and starts another one on the same data and port. */
  restart(environment?: Record<string, string>): Promise<TestApp>;
  /** Stops the server and removes its folder. */
  close(): Promise<void>;
}

/** Starts a server with everything on; `environment` overrides settings (RATE_LIMIT_SCALE is 1000 unless given). */
export async function startApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const merged: Record<string, string> = { RATE_LIMIT_SCALE: '1000', ...environment };
  if (!merged['DATABASE_URL']) merged['DATA_DIR'] ??= await freshDataFolder();
  const settings = await testSettings(merged);
  const app = await createApp(settings);
  await app.listen({ port: settings.port, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${settings.port}`;
  let running = true;
  const stop = async () => {
    if (running) await app.close();
    running = false;
  };
  return {
    settings,
    url,
    wsUrl: url.replace('http', 'ws'),
    app,
    dataSource: app.get<DataSource>(getDataSourceToken()),
    anonymous: new RestClient(url),
    stop,
    restart: async (more = {}) => {
      await stop();
      return startApp({ ...merged, PORT: String(settings.port), DATA_DIR: settings.dataDir, ...more });
    },
    close: async () => {
      await stop();
      rmSync(settings.dataDir, { recursive: true, force: true });
    },
  };
}
