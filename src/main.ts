import 'reflect-metadata';
import { createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { developmentSecret } from './config/development-secret.js';
import { readSettings, type Settings, SettingsError } from './config/settings.js';
import { createApp } from './create-app.js';
import { databaseStartFault, DataFolderInUseError } from './database/index.js';
import { stopOnSignal } from './stop-on-signal.js';

/** What a person at a terminal needs next. */
function welcome(settings: Settings): string {
  const lines = [
    '',
    `Parley is running at ${settings.publicUrl}`,
    `  Database   ${settings.databaseUrl ? 'PostgreSQL' : `embedded, in ${settings.dataDir}`}`,
    ...(settings.smtpUrl ? [] : [`  Mailbox    ${settings.publicUrl}/dev/mail   (no SMTP_URL: activation codes arrive here)`]),
    ...(settings.docs ? [`  Reference  ${settings.publicUrl}/docs and ${settings.publicUrl}/docs/realtime`] : []),
    '',
  ];
  return lines.join('\n');
}

/** Settings that are accepted and do less than their name says. */
function warnings(settings: Settings): string[] {
  const isUseless = settings.redisUrl !== undefined && settings.databaseUrl === undefined;
  return isUseless ? ['REDIS_URL is set without DATABASE_URL: the embedded database serves one node, so Redis is not used.'] : [];
}

/** Fails early when the port is taken, before the database is opened. */
async function assertPortFree({ port, host }: Settings): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, developmentSecret);
  await assertPortFree(settings);
  const app = await createApp(settings);
  stopOnSignal(app, settings);
  await app.listen({ port: settings.port, host: settings.host });
  const logger = new Logger('main');
  for (const warning of warnings(settings)) logger.warn(warning);
  if (settings.nodeEnv === 'production') logger.log(`Parley is running at ${settings.publicUrl}`);
  else if (settings.logLevel !== 'silent') process.stdout.write(`${welcome(settings)}\n`);
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
