import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import type { Line } from './support/line.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

/** What a browser says of a network that is gone. */
const noNetwork = [/WebSocket connection to .* failed/, /net::ERR_/];

describeWithBrowser('the connection is lost in the middle of a conversation', () => {
  const stage = new Stage({ lines: 1, ownProcess: true });
  let line: Line;
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [line] = stage.lines as [Line];
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
  });

  /** Ann on the line that can be cut, and Bo, in one room. */
  async function bothIn(room: string): Promise<[Visitor, Visitor]> {
    const one = await stage.member(ann, { line });
    const two = await stage.member(bo);
    for (const visitor of [one, two]) {
      visitor.provoked.push(...noNetwork);
      await visitor.enterRoom(room);
    }
    return [one, two];
  }

  async function agree(room: string, ...visitors: Visitor[]): Promise<string[]> {
    const { body } = await ann.rest.get(`/rooms/${room}/messages?limit=100`);
    const stored = (body.items as { content: string }[]).map(({ content }) => content);
    for (const visitor of visitors) {
      await visitor.hear(stored.at(-1)!);
      await visitor.settled();
      expect(await visitor.heard()).toEqual(stored);
    }
    return stored;
  }

  it('a cut network: what both write meanwhile arrives on both pages, once, in order; so does what is for one person alone', async () => {
    const [one, two] = await bothIn('net');
    await one.write('before');
    await two.hear('before');
    line.cut();
    await one.see('.banner.gone');
    await one.write('from ann, cut off 1');
    await one.write('from ann, cut off 2');
    await one.see('.pending-state:has-text("Waits")');
    await two.write('from bo meanwhile');
    await two.settled();
    await bo.rest.post('/friends/requests', { username: 'ann' });
    line.mend();
    await two.hear('from ann, cut off 2');
    await one.hear('from bo meanwhile');
    await one.settled();
    expect(await agree('net', one, two)).toEqual(['before', 'from bo meanwhile', 'from ann, cut off 1', 'from ann, cut off 2']);
    await one.see('.banner.back');
    await one.see('.main-nav .nav-item:has-text("Friends") .badge');
    await one.see('.main-nav .nav-item:has-text("Notifications") .badge');
  });

  it('cut again and again while sending: every message once', async () => {
    const [one, two] = await bothIn('cuts');
    const texts: string[] = [];
    for (let round = 1; round <= 4; round++) {
      for (let n = 1; n <= 5; n++) {
        texts.push(`round ${round}, text ${n}`);
        await one.write(texts.at(-1)!);
      }
      // In the middle: some are acknowledged, some are on their way.
      line.cut();
      await two.write(`bo ${round}`);
      line.mend();
      await one.page.evaluate("dispatchEvent(new Event('online'))");
    }
    await one.settled();
    await two.settled();
    const stored = await agree('cuts', one, two);
    expect(stored.filter((text) => text.startsWith('round'))).toEqual(texts);
    expect(stored).toHaveLength(texts.length + 4);
  });

  it('the browser goes offline and comes back', async () => {
    const [one, two] = await bothIn('offline');
    await one.write('before');
    await two.hear('before');
    await one.context.setOffline(true);
    line.cut();
    await one.see('.banner.gone:has-text("offline")');
    await one.write('written offline');
    await two.write('said meanwhile');
    await two.settled();
    line.mend();
    await one.context.setOffline(false);
    await two.hear('written offline');
    expect(await agree('offline', one, two)).toEqual(['before', 'said meanwhile', 'written offline']);
  });

  it('a slow network: the page opens, and what is written on it arrives, once', async () => {
    const [one, two] = await bothIn('slow');
    const wire = await one.context.newCDPSession(one.page);
    await wire.send('Network.enable');
    await wire.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 300,
      downloadThroughput: 60_000,
      uploadThroughput: 20_000,
    });
    await one.enterRoom('slow');
    for (const text of ['from far away', 'and again']) await one.write(text);
    await two.hear('and again');
    await one.settled();
    expect(await agree('slow', one, two)).toEqual(['from far away', 'and again']);
  });

  it('kill -9 of the server in the middle of sending, and a restart: nothing lost, nothing doubled', async () => {
    const [one, two] = await bothIn('killed');
    const texts = Array.from({ length: 12 }, (_, index) => `text ${index + 1}`);
    for (const text of texts.slice(0, 8)) await one.write(text);
    await until(async () => (await two.heard()).length >= 2, 'the first ones');
    await stage.stopServer('SIGKILL');
    for (const text of texts.slice(8)) await one.write(text);
    await two.write('bo in the dark');
    await two.see('.banner.gone');
    await stage.startServer();
    await one.settled();
    await two.settled();
    const stored = await agree('killed', one, two);
    expect(stored.filter((text) => text.startsWith('text'))).toEqual(texts);
    expect(stored.filter((text) => text.startsWith('bo'))).toEqual(['bo in the dark']);
    await until(async () => (await one.present()).length === 2 && (await two.present()).length === 2, 'both to be present again');
  });
});
