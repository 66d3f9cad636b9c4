import 'reflect-metadata';
import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { developmentSecret } from './config/development-secret.js';
import { readSettings, type Settings, SettingsError } from './config/settings.js';
import { createApp } from './create-app.js';
import { databaseStartFault, DataFolderInUseError } from './database/index.js';
import { PinoLogger } from './platform/logging/index.js';
import { Metrics } from './platform/metrics/index.js';
import { shareMetrics } from './processes/process-metrics.js';
import { ownPlace, Supervisor } from './processes/supervisor.js';
import { stopOnSignal } from './stop-on-signal.js';

/** What a person at a terminal needs next. */
function welcome(settings: Settings): string {
  const lines = [
    '',
    `Parley is running at ${settings.publicUrl}`,
    `  Database   ${settings.databaseUrl ? 'PostgreSQL' : `embedded, in ${settings.dataDir}`}`,
    ...(settings.processes > 1 ? [`  Processes  ${settings.processes}`] : []),
    ...(settings.smtpUrl ? [] : [`  Mailbox    ${settings.publicUrl}/dev/mail   (no SMTP_URL: activation codes arrive here)`]),
    ...(settings.docs ? [`  Reference  ${settings.publicUrl}/docs and ${settings.publicUrl}/docs/realtime`] : []),
    '',
  ];
  return lines.join('\n');
}

/** Settings that are accepted and do less than their name says. */
function warnings(settings: Settings): string[] {
  const isUseless = settings.redisUrl !== undefined && settings.databaseUrl === undefined;
  const isSlow = settings.processes > 1 && settings.redisUrl === undefined;
  return [
    ...(isUseless ? ['REDIS_URL is set without DATABASE_URL: the embedded database serves one node, so Redis is not used.'] : []),
    ...(isSlow ? ['PROCESSES without REDIS_URL: the processes hear each other through PostgreSQL, after about a second.'] : []),
  ];
}

/** Fails early when the port is taken, before the database is opened. */
async function assertPortFree({ port, host }: Settings): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** The whole server, or one of its processes. */
async function serve(settings: Settings): Promise<void> {
  const app = await createApp(settings);
  stopOnSignal(app, settings);
  const place = ownPlace();
  if (place !== null) shareMetrics(app.get(Metrics, { strict: false }), place);
  await app.listen({ port: settings.port, host: settings.host });
}

function tellThatItRuns(settings: Settings): void {
  const logger = new Logger('main');
  for (const warning of warnings(settings)) logger.warn(warning);
  if (settings.nodeEnv === 'production') logger.log(`Parley is running at ${settings.publicUrl}`);
  else if (settings.logLevel !== 'silent') process.stdout.write(`${welcome(settings)}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, developmentSecret);
  if (cluster.isWorker) {
    await serve(settings);
    return;
  }
  await assertPortFree(settings);
  if (settings.processes > 1) {
    Logger.overrideLogger(new PinoLogger(settings));
    new Supervisor(settings.processes, () => tellThatItRuns(settings)).start();
    return;
  }
  await serve(settings);
  tellThatItRuns(settings);
}

/** Faults that a person can mend are told without a stack. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as { code?: string }).code === 'EADDRINUSE')
    return `Port in use: ${error.message}. Stop the other program or set PORT to a free one.`;
  if (error instanceof SettingsError || error instanceof DataFolderInUseError) return error.message;
  return databaseStartFault(error, process.env['DATABASE_URL']) ?? error.stack ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${reason(error)}\n`);
  process.exit(1);
});
