import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** How long a page may take for anything, in ms. A restarted server and a busy machine are within it. */
const patience = 60_000;

/** Who one logs in as. */
export interface Login {
  username: string;
  password: string;
}

/** What the browser reports and is no fault: nobody is logged in yet, so the first refresh is refused. */
const expected = [/status of 401 .*\/api\/v1\/auth\/refresh/];

/** One person at one browser of their own. Whatever the pages do wrong on the way is kept, and told by `faults`. */
export class Visitor {
  /** What the test provokes and the browser may report, beside the usual. */
  readonly provoked: RegExp[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
    private readonly reports: string[],
  ) {}

  /** Opens a browser of one's own, with an empty page. */
  static async enter(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(patience);
    const reports: string[] = [];
    context.on('weberror', (error) => reports.push(`error: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      reports.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    context.on('console', (message) => {
      if (message.type() === 'error') reports.push(`console: ${message.text()} ${message.location().url}`);
    });
    context.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (hostname !== '127.0.0.1' && protocol !== 'data:' && protocol !== 'blob:') reports.push(`outside request: ${request.url()}`);
    });
    return new Visitor(context, await context.newPage(), url, reports);
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Visitor> {
    return new Visitor(this.context, await this.context.newPage(), this.url, this.reports);
  }

  /** Script errors, dialogs, console errors (violations of the content policy among them) and outside requests. */
  faults(): string[] {
    const allowed = [...expected, ...this.provoked];
    return this.reports.filter((report) => !allowed.some((pattern) => pattern.test(report)));
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Fills in the log-in form by the names of its fields, and waits for the rooms. */
  async logIn({ username, password }: Login): Promise<void> {
    await this.open('/login');
    await this.submitLogin(username, password);
    await this.see('.account-bar:not(.guest)');
  }

  /** Has the session cookie of an earlier log-in. */
  async comeBack({ username, password }: Login): Promise<void> {
    const answer = await this.context.request.post(`${this.url}/api/v1/auth/login`, {
      data: { login: username, password, cookie: true },
      headers: { origin: this.url },
    });
    if (!answer.ok()) throw new Error(`login: ${answer.status()} ${await answer.text()}`);
  }

  async submitLogin(login: string, password: string): Promise<void> {
    await this.page.fill('input[name=login]', login);
    await this.page.fill('input[name=password]', password);
    await this.page.press('input[name=password]', 'Enter');
  }

  /** Enters a room and waits until one can write in it. */
  async enterRoom(name: string): Promise<void> {
    await this.open(`/rooms/${encodeURIComponent(name)}`);
    await this.see('.composer textarea');
    await this.see('.room-head [aria-controls=people]');
  }

  async write(text: string): Promise<void> {
    await this.page.fill('.composer textarea', text);
    await this.page.press('.composer textarea', 'Enter');
  }

  /** Waits for something to be on the screen. */
  async see(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor();
  }

  /** Waits until something is nowhere on the page. */
  async miss(selector: string): Promise<void> {
    await until(async () => (await this.page.locator(selector).count()) === 0, `${selector} to go`);
  }

  /** Waits for a message with exactly this text. */
  async hear(text: string): Promise<void> {
    await until(
      async () => (await this.heard()).includes(text),
      async () => `"${text}"; heard: ${JSON.stringify(await this.heard())}`,
    );
  }

  /** Every message on the screen, in order. */
  async heard(): Promise<string[]> {
    return this.page.locator('.message .content').allTextContents();
  }

  /** The people who are shown as present. */
  async present(): Promise<string[]> {
    return this.page.locator('.people .person-name').allTextContents();
  }

  /** Waits until nothing is on its way out any more. */
  async settled(): Promise<void> {
    await this.miss('.pending');
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Asks until something holds. @throws Error after `ms` */
export async function until(holds: () => Promise<boolean> | boolean, what: string | (() => Promise<string>), ms = patience): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms for ${typeof what === 'string' ? what : await what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
