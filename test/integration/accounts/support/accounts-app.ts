import 'reflect-metadata';
import { DiscoveryModule } from '@nestjs/core';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ConfigModule } from '../../../../src/config/config.module.js';
import type { Settings } from '../../../../src/config/settings.js';
import { DatabaseModule, type DatabaseSettings } from '../../../../src/database/index.js';
import { AuthModule } from '../../../../src/modules/auth/index.js';
import { UsersModule } from '../../../../src/modules/users/index.js';
import { EventsModule } from '../../../../src/platform/events/index.js';
import { configureFastify, fastifyOptions } from '../../../../src/platform/http/fastify-options.js';
import { ProblemFilter } from '../../../../src/platform/http/problem.filter.js';
import { ReplyCheck } from '../../../../src/platform/http/reply-check.interceptor.js';
import { MailModule } from '../../../../src/platform/mail/index.js';
import { MetricsModule } from '../../../../src/platform/metrics/index.js';
import { TelemetryModule } from '../../../../src/platform/telemetry/index.js';
import { RateLimitModule } from '../../../../src/platform/rate-limit/index.js';
import { type Answer, RestClient } from '../../../support/rest-client.js';
import { testSettings } from '../../../support/settings.js';

/** The accounts alone on a listening server: no rooms, no sockets. Several of them on one database are several nodes. */
export interface AccountsApp {
  readonly settings: Settings;
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  readonly rest: RestClient;
  close(): Promise<void>;
}

@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ReplyCheck },
  ],
})
class HttpBasics {}

/** Starts the accounts; `environment` overrides settings (RATE_LIMIT_SCALE is 1000 unless given). */
export async function startAccounts(database: DatabaseSettings, environment: Record<string, string> = {}): Promise<AccountsApp> {
  const settings = await testSettings({
    RATE_LIMIT_SCALE: '1000',
    DATA_DIR: database.dataDir,
    ...(database.databaseUrl ? { DATABASE_URL: database.databaseUrl } : {}),
    ...environment,
  });
  const testing = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(settings),
      DatabaseModule.forRoot(),
      EventsModule,
      RateLimitModule,
      MetricsModule,
      TelemetryModule,
      MailModule.forRoot(settings),
      HttpBasics,
      UsersModule,
      AuthModule,
    ],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyOptions(settings)), {
    bodyParser: false,
    logger: process.env['TEST_LOG_LEVEL'] ? undefined : false,
  });
  await configureFastify(app, settings);
  await app.listen({ port: settings.port, host: '127.0.0.1' });
  return {
    settings,
    app,
    dataSource: app.get<DataSource>(getDataSourceToken()),
    rest: new RestClient(`http://127.0.0.1:${settings.port}`),
    close: async () => app.close(),
  };
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  links: string[];
  code: string | null;
}

/** The mails to an address, newest first, as the development mailbox shows them. */
export async function mailsTo(accounts: AccountsApp, address: string): Promise<Mail[]> {
  const { body } = await accounts.rest.get(`!/dev/mail.json?to=${encodeURIComponent(address)}`);
  return body as Mail[];
}

/** The newest mail to an address. */
export async function newestMail(accounts: AccountsApp, address: string): Promise<Mail> {
  const [newest] = await mailsTo(accounts, address);
  if (!newest) throw new Error(`There is no mail to ${address}.`);
  return newest;
}

/** The token of the first link of a mail that carries one. */
export function tokenOf(mail: Mail): string {
  for (const link of mail.links) {
    const token = new URL(link).searchParams.get('token');
    if (token) return token;
  }
  throw new Error('No link of this mail carries a token.');
}

export const goodPassword = 'correct horse battery staple';

let counter = 0;

export interface Newcomer {
  email: string;
  username: string;
  password: string;
}

/** Names that nobody has yet. */
export function newcomer(): Newcomer {
  counter += 1;
  const username = `zoe${counter}x${Date.now().toString(36)}`;
  return { email: `${username}@example.org`, username, password: goodPassword };
}

/** Registers somebody; the account waits for its activation. */
export async function register(accounts: AccountsApp, who: Newcomer = newcomer(), more: object = {}): Promise<Newcomer> {
  const { email, username, password } = who;
  const { status, body } = await accounts.rest.post('/auth/register', {
    email,
    username,
    password,
    passwordConfirmation: password,
    ...more,
  });
  if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`);
  return who;
}

/** Registers somebody and activates the account by the mailed code. */
export async function activePerson(accounts: AccountsApp, who: Newcomer = newcomer(), more: object = {}): Promise<Newcomer> {
  await register(accounts, who, more);
  const { code } = await newestMail(accounts, who.email);
  const { status, body } = await accounts.rest.post('/auth/activate', { email: who.email, code });
  if (status !== 200) throw new Error(`activate: ${status} ${JSON.stringify(body)}`);
  return who;
}

export interface LoggedInPerson extends Newcomer {
  id: string;
  access: string;
  refresh: string;
  rest: RestClient;
}

/** Logs somebody in. */
export async function logIn(accounts: AccountsApp, who: Newcomer): Promise<LoggedInPerson> {
  const { status, body } = await accounts.rest.post('/auth/login', { login: who.email, password: who.password });
  if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
  return { ...who, id: body.user.id, access: body.access, refresh: body.refresh, rest: accounts.rest.as(String(body.access)) };
}

/** Somebody new, active and logged in. */
export async function person(accounts: AccountsApp): Promise<LoggedInPerson> {
  return logIn(accounts, await activePerson(accounts));
}

/** The problem's word of an answer, with its status. */
export function problemOf(answer: Answer): { status: number; code: unknown } {
  return { status: answer.status, code: (answer.body as { code?: unknown } | undefined)?.code };
}

/** The claims of a token, unchecked. */
export function claimsOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString('utf8')) as Record<string, unknown>;
}
