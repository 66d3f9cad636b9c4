import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { appointAdmin } from '../../../src/modules/auth/index.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { type RunningBrowser, startBrowser } from '../../support/browser.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import type { RestClient } from '../../support/rest-client.js';
import { endLeftovers, startServer } from '../../support/server-process.js';
import { freePort } from '../../support/settings.js';
import { type Line, openLine } from './line.js';
import { Visitor } from './visitor.js';

interface StageOptions {
  /** Settings of the server. */
  environment?: Record<string, string>;
  /** How many people have a network of their own. */
  lines?: number;
  /** The username of an admin who is there from the start. */
  admin?: string;
  /** Whether the server is a process that can be killed; otherwise it runs in this one, which is several seconds of work less. */
  ownProcess?: boolean;
  /** Origins that may call besides the server's own. */
  origins?: () => Promise<string[]>;
}

/** The server that everybody visits. */
interface Server {
  readonly url: string;
  readonly rest: RestClient;
  /** Ends it. A signal only reaches a process of its own. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<unknown>;
}

/** The real server with the built client, and a browser, for all tests of a file. After each test everybody leaves, and no page may have complained. */
export class Stage {
  lines: Line[] = [];
  private running: Server | undefined;
  private appointed: TestPerson | undefined;
  private chromium: RunningBrowser | undefined;
  private environment: Record<string, string> = {};
  private visitors: Visitor[] = [];

  constructor(options: StageOptions = {}) {
    beforeAll(async () => {
      const port = await freePort();
      this.lines = await Promise.all(Array.from({ length: options.lines ?? 0 }, () => openLine(port)));
      const origins = [`http://127.0.0.1:${port}`, ...this.lines.map(({ url }) => url), ...((await options.origins?.()) ?? [])];
      this.environment = {
        PORT: String(port),
        DATA_DIR: await freshDataFolder(),
        ALLOWED_ORIGINS: origins.join(','),
        ...options.environment,
      };
      this.running = await (options.ownProcess ? startServer(this.environment) : this.startHere(options.admin));
      this.chromium = await startBrowser();
    });
    afterEach(async () => {
      const faults = this.visitors.flatMap((visitor) => visitor.faults());
      await Promise.all(this.visitors.map((visitor) => visitor.leave()));
      this.visitors = [];
      this.lines.forEach((line) => line.reset());
      expect(faults).toEqual([]);
    });
    afterAll(async () => {
      await this.chromium?.stop();
      await Promise.all(this.lines.map((line) => line.stop()));
      await this.running?.end('SIGTERM');
      endLeftovers();
      rmSync(this.environment['DATA_DIR'] ?? '', { recursive: true, force: true });
    });
  }

  /** The admin, where there is one from the start. */
  get admin(): TestPerson {
    if (!this.appointed) throw new Error('This stage has no admin.');
    return this.appointed;
  }

  get server(): Server {
    if (!this.running) throw new Error('The server runs within tests only.');
    return this.running;
  }

  /** Somebody new with an account, made over REST. */
  async person(name: string): Promise<TestPerson> {
    const person = await newPerson({ anonymous: this.server.rest }, name);
    // Was here before: the question of a first visit was answered.
    await person.rest.patch('/users/me', { profileCompleted: true });
    return person;
  }

  /** A browser of one's own. @param line the network it goes through; absent: straight */
  async visitor(options: BrowserContextOptions & { line?: Line } = {}): Promise<Visitor> {
    if (!this.chromium) throw new Error('The browser runs within tests only.');
    const { line, ...context } = options;
    const visitor = await Visitor.enter(this.chromium.browser, line?.url ?? this.server.url, context);
    this.visitors.push(visitor);
    return visitor;
  }

  /** Somebody at a browser of their own where they logged in before; no page is open yet. */
  async member(person: TestPerson, options: BrowserContextOptions & { line?: Line } = {}): Promise<Visitor> {
    const visitor = await this.visitor(options);
    await visitor.comeBack(person);
    return visitor;
  }

  /** Starts the server in this process. @param admin the username of somebody to be made an admin, as the command does it */
  private async startHere(admin?: string): Promise<Server> {
    const app = await startApp(this.environment);
    if (admin !== undefined) this.appointed = await this.appoint(app, admin);
    return { url: app.url, rest: app.anonymous, end: () => app.close() };
  }

  private async appoint(app: TestApp, username: string): Promise<TestPerson> {
    const email = `${username}@example.org`;
    const said = await appointAdmin(app.dataSource, { email, username });
    const password = /password[^:]*: (\S+)/i.exec(said)?.[1];
    if (password === undefined) throw new Error(`admin: ${said}`);
    const { body } = await app.anonymous.post('/auth/login', { login: email, password });
    const rest = app.anonymous.as(body.access);
    await rest.patch('/users/me', { profileCompleted: true });
    return { id: body.user.id, username, email, password, access: body.access, refresh: body.refresh, rest };
  }

  /** Ends the server under the open pages; it has a process of its own. */
  async stopServer(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.server.end(signal);
  }

  /** Starts it again on its port and data. */
  async startServer(): Promise<void> {
    this.running = await startServer(this.environment);
  }
}
