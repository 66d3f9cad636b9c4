import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import type { Line } from './support/line.js';
import { type Pages, servePages } from './support/pages.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

/** The tutorial's page in a browser, and what it shows. */
class TutorialPage {
  constructor(private readonly page: Page) {}

  async lines(): Promise<string[]> {
    return (await this.page.inputValue('#log')).split('\n').filter((line) => line !== '');
  }

  /** What was said, without comings and goings, and without words of the server. */
  async said(): Promise<string[]> {
    return (await this.lines()).filter((line) => !/^[*!] /.test(line));
  }

  async shows(line: string): Promise<void> {
    await until(
      async () => (await this.lines()).includes(line),
      async () => `the line "${line}" of ${JSON.stringify(await this.lines())}`,
    );
  }

  async people(): Promise<string[]> {
    return (await this.page.locator('#people li').allTextContents()).sort();
  }

  async write(text: string): Promise<void> {
    await this.page.fill('#text', text);
    await this.page.press('#text', 'Enter');
  }

  async sendRaw(data: string): Promise<void> {
    await this.page.evaluate(`sendRaw(${JSON.stringify(data)})`);
  }

  async socketIs(state: 'open' | 'closed'): Promise<void> {
    await this.page.locator(`body[data-socket=${state}]`).waitFor({ timeout: 30_000 });
  }

  /** Leaves like somebody who closes the tab. */
  async close(): Promise<void> {
    await this.page.close();
  }
}

describeWithBrowser("the tutorial's page beside the web client in one room", () => {
  let pages: Pages;
  const stage = new Stage({
    lines: 1,
    ownProcess: true,
    origins: async () => {
      pages = await servePages(join(process.cwd(), 'test/browser/tutorial'));
      return [pages.url];
    },
  });
  let line: Line;
  let tess: TestPerson, ann: TestPerson;

  beforeAll(async () => {
    [line] = stage.lines as [Line];
    [tess, ann] = [await stage.person('tess'), await stage.person('ann')];
  });
  afterAll(() => pages.stop());

  /** Tess at a browser with nothing but the session cookie, which a log-in from the page's own origin has set. */
  async function withCookie(): Promise<Visitor> {
    const visitor = await stage.visitor();
    await visitor.page.goto(`${pages.url}/room.js`);
    const body = JSON.stringify({ login: tess.username, password: tess.password, cookie: true });
    const status = await visitor.page.evaluate<number>(
      `fetch('${stage.server.url}/api/v1/auth/login', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then((answer) => answer.status)`,
    );
    expect(status).toBe(200);
    return visitor;
  }

  /** Opens the page; its socket goes through the line that can be cut. */
  async function openRoom(visitor: Visitor, room: string): Promise<TutorialPage> {
    const page = await visitor.context.newPage();
    await page.goto(`${pages.url}/room.html?room=${encodeURIComponent(room)}&server=127.0.0.1:${line.port}`);
    const tutorial = new TutorialPage(page);
    await tutorial.socketIs('open');
    await tutorial.shows('* tess joined');
    return tutorial;
  }

  async function besides(room: string): Promise<Visitor> {
    const visitor = await stage.member(ann);
    await visitor.enterRoom(room);
    return visitor;
  }

  /** Waits until the browser has confirmed to the server that it received everything in the room. */
  async function confirmed(room: string): Promise<void> {
    const { body } = await ann.rest.get(`/rooms/${room}`);
    await until(() => line.receipts.includes(`${body.room.position}.${body.room.lastMessage.seq}`), 'the receipt of the last message');
  }

  it('both see each other, and everything that is said', async () => {
    const one = await besides('tutorial');
    const page = await openRoom(await withCookie(), 'tutorial');
    expect(await page.people()).toEqual(['ann', 'tess']);
    await one.see('.coming-going:has-text("tess came in")');
    await until(async () => (await one.present()).includes('tess'), 'tess in the list');

    await one.write('Hello, old page');
    await page.shows('ann: Hello, old page');
    await page.write('Hello, new client');
    await one.hear('Hello, new client');
    await page.shows('tess: Hello, new client');
    expect(await page.said()).toEqual(['ann: Hello, old page', 'tess: Hello, new client']);
    expect(await one.heard()).toEqual(['Hello, old page', 'Hello, new client']);

    await one.open('/');
    await page.shows('* ann left');
    expect(await page.people()).toEqual(['tess']);
  });

  it('private messages go both ways, and no one else reads them', async () => {
    const one = await besides('private-words');
    const page = await openRoom(await withCookie(), 'private-words');
    await page.write('/pm ann for your eyes');
    await page.shows('PM to ann: for your eyes');
    await one.see('.room-line:has-text("for your eyes") .badge');
    await one.write('/pm tess and for yours');
    await page.shows('PM from ann: and for yours');
    await page.write('/pm nobody.there x');
    await page.shows('! There is nobody with that name.');
    expect(await one.heard()).toEqual([]);
  });

  it('frames that are none are answered and survived', async () => {
    const one = await besides('bad-frames');
    const page = await openRoom(await withCookie(), 'bad-frames');
    for (const data of ['no JSON', '[1]', '{"message":7}', '{"text":"x"}', '{"message":"   "}', '/pm', '{"message":"/pm ann"}'])
      await page.sendRaw(data);
    await until(async () => (await page.lines()).filter((words) => words.startsWith('! ')).length === 7, 'seven answers');
    await page.write('still here');
    await one.hear('still here');
    expect(await one.heard()).toEqual(['still here']);
  });

  it('what was said while its network was cut comes after it, exactly once', async () => {
    const one = await besides('cut');
    const visitor = await withCookie();
    visitor.provoked.push(/WebSocket connection to .* failed/);
    const page = await openRoom(visitor, 'cut');
    await one.write('before');
    await page.shows('ann: before');
    await confirmed('cut');
    line.cut();
    await page.socketIs('closed');
    for (let n = 1; n <= 14; n++) await one.write(`missed ${n}`);
    await one.settled();
    line.mend();
    await page.shows('ann: missed 14');
    await one.write('after');
    await page.shows('ann: after');
    const missed = Array.from({ length: 14 }, (_, index) => `ann: missed ${index + 1}`);
    expect(await page.said()).toEqual(['ann: before', ...missed, 'ann: after']);
    expect(await page.people()).toEqual(['ann', 'tess']);
  });

  it('a restart of the server loses nothing and doubles nothing, on either page', async () => {
    const one = await besides('restart');
    one.provoked.push(/WebSocket connection to .* failed/, /ERR_CONNECTION_REFUSED/);
    const visitor = await withCookie();
    visitor.provoked.push(/WebSocket connection to .* failed/);
    const page = await openRoom(visitor, 'restart');
    await one.write('before');
    await page.shows('ann: before');
    await confirmed('restart');
    await stage.stopServer('SIGTERM');
    await page.socketIs('closed');
    await one.write('written while it was down');
    await stage.startServer();
    await one.settled();
    await page.shows('ann: written while it was down');
    await page.write('back again');
    await one.hear('back again');
    await page.shows('tess: back again');
    expect(await page.said()).toEqual(['ann: before', 'ann: written while it was down', 'tess: back again']);
    expect(await one.heard()).toEqual(['before', 'written while it was down', 'back again']);
  });

  it('closed and opened again it gets the last ten', async () => {
    const one = await besides('again');
    for (let n = 1; n <= 13; n++) await one.write(`text ${n}`);
    await one.settled();
    const visitor = await withCookie();
    const lastTen = Array.from({ length: 10 }, (_, index) => `ann: text ${index + 4}`);
    for (let visit = 1; visit <= 2; visit++) {
      const page = await openRoom(visitor, 'again');
      await page.shows('ann: text 13');
      expect(await page.said()).toEqual(lastTen);
      await page.close();
      await one.see(`.coming-going:has-text("tess")`);
    }
  });

  it('two tabs of one person are one person, who leaves once', async () => {
    const one = await besides('two-tabs');
    const visitor = await withCookie();
    const first = await openRoom(visitor, 'two-tabs');
    await until(async () => (await one.present()).includes('tess'), 'tess in the list');
    const second = await openRoom(visitor, 'two-tabs');
    await one.write('for both');
    for (const page of [first, second]) await page.shows('ann: for both');
    await first.close();
    await second.write('still one here');
    await one.hear('still one here');
    expect(await one.present()).toEqual(['ann', 'tess']);
    expect(await one.page.locator('.coming-going:has-text("left")').count()).toBe(0);
    await second.close();
    await one.see('.coming-going:has-text("tess left")');
    expect(await one.page.locator('.coming-going:has-text("left")').count()).toBe(1);
    expect(await one.present()).toEqual(['ann']);
  });
});
