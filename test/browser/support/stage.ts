import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { freshDataFolder } from '../../support/database-templates.js';
import { type RunningBrowser, startBrowser } from '../../support/browser.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { endLeftovers, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort } from '../../support/settings.js';
import { type Line, openLine } from './line.js';
import { Visitor } from './visitor.js';

interface StageOptions {
  /** Settings of the server. */
  environment?: Record<string, string>;
  /** How many people have a network of their own. */
  lines?: number;
  /** Origins that may call besides the server's own. */
  origins?: () => Promise<string[]>;
}

/** The real server with the built client, and a browser, for all tests of a file. After each test everybody leaves, and no page may have complained. */
export class Stage {
  lines: Line[] = [];
  private running: ServerProcess | undefined;
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
      this.running = await startServer(this.environment);
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

  get server(): ServerProcess {
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

  /** Ends the server under the open pages. */
  async stopServer(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.server.end(signal);
  }

  /** Starts it again on its port and data. */
  async startServer(): Promise<void> {
    this.running = await startServer(this.environment);
  }
}
