import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../../../src/config/config.module.js';
import type { Settings } from '../../../src/config/settings.js';
import { databaseOptions } from '../../../src/database/index.js';
import { MailModule } from '../../../src/platform/mail/index.js';
import { TelemetryModule } from '../../../src/platform/telemetry/index.js';

export const publicUrl = 'http://localhost:3000';

/** Times that fit a test on a busy machine: a dead worker's mails are free after 4 s. */
export const testTimes = { pollMs: 200, sendMs: 3_000, leaseMs: 4_000, stopMs: 1_000 };

export interface WorkerOptions {
  /** Absent: the embedded database under `dataDir`. */
  databaseUrl?: string;
  dataDir?: string;
  /** Absent: the development mailbox. */
  smtpUrl?: string;
  mailFrom?: string;
  nodeEnv?: Settings['nodeEnv'];
  secret?: string;
  times?: Partial<typeof testTimes & { giveUpMs: number; concurrency: number }>;
}

/** The modules of a server that can do nothing but send mails; the table `mails` must be there. */
export function mailWorker({
  databaseUrl,
  dataDir = '',
  smtpUrl,
  mailFrom = 'Parley <parley@example.org>',
  nodeEnv = 'test',
  ...rest
}: WorkerOptions): DynamicModule {
  const jwtAccessSecret = rest.secret ?? 'the root secret of the mail tests, long enough';
  const settings = { nodeEnv, mailFrom, publicUrl, jwtAccessSecret, ...(smtpUrl ? { smtpUrl } : {}) } as Settings;
  return {
    module: class MailWorker {},
    imports: [
      ConfigModule.forRoot(settings),
      TypeOrmModule.forRoot({
        ...databaseOptions({ dataDir, ...(databaseUrl ? { databaseUrl } : {}) }),
        migrations: [],
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      TelemetryModule,
      MailModule.forRoot(settings, { ...testTimes, ...rest.times }),
    ],
  };
}
