import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

describeWithBrowser('a room with a past, answers and names', () => {
  const stage = new Stage();
  const length = 700;
  let ann: TestPerson, bo: TestPerson;
  let ids: string[];

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
    await ann.rest.post('/rooms', { name: 'past', title: 'The past', kind: 'public' });
    await bo.rest.post('/rooms/past/join');
    ids = [];
    for (let from = 1; from <= length; from += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => ann.rest.post('/rooms/past/messages', { content: `entry ${from + index}` })),
      );
      ids.push(...answers.map(({ body }) => body.message.id as string));
    }
  });

  /** The numbers of the entries on the page, in order. */
  async function entries(visitor: Visitor): Promise<number[]> {
    return visitor.page.evaluate<number[]>("[...document.querySelectorAll('.message[data-seq]')].map((row) => Number(row.dataset.seq))");
  }

  function isWhole(numbers: readonly number[]): boolean {
    return numbers.every((number, index) => index === 0 || number === numbers[index - 1]! + 1);
  }

  it('loads to both sides without a hole or a jump, and holds a bounded number of messages', async () => {
    const one = await stage.member(ann);
    await one.enterRoom('past');
    await one.hear(`entry ${length}`);
    const box = one.page.locator('.messages');
    // What stands at the upper edge stays there while pages come in above it.
    for (let step = 0; step < 60 && (await entries(one))[0] !== 1; step++) {
      const before = (await entries(one))[0]!;
      await box.evaluate((element) => {
        element.scrollTop = 300;
      });
      const seen = await one.page.evaluate<[string, number]>(
        `(() => { const box = document.querySelector('.messages').getBoundingClientRect().top; const row = [...document.querySelectorAll('.message[data-seq]')].find((row) => row.getBoundingClientRect().bottom > box); return [row.dataset.seq, row.getBoundingClientRect().top - box]; })()`,
      );
      await until(async () => (await entries(one))[0] !== before, 'the page before');
      const after = await one.page.evaluate<number>(
        `document.querySelector('.message[data-seq="${seen[0]}"]').getBoundingClientRect().top - document.querySelector('.messages').getBoundingClientRect().top`,
      );
      expect(Math.abs(after - seen[1])).toBeLessThanOrEqual(2);
    }
    const upper = await entries(one);
    expect(upper[0]).toBe(1);
    expect(isWhole(upper)).toBe(true);
    expect(upper.length).toBeLessThanOrEqual(450);
    // And down again, page by page.
    await until(async () => {
      await box.evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
      return (await entries(one)).at(-1) === length;
    }, 'the end');
    const lower = await entries(one);
    expect(isWhole(lower)).toBe(true);
    expect(lower.length).toBeLessThanOrEqual(450);
    await one.write('still at the end');
    await one.hear('still at the end');
  });

  it('an answer quotes what it answers, and a click shows that where it was said, far back', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await two.enterRoom('past');
    await bo.rest.post('/rooms/past/messages', { content: 'about the tenth', replyTo: ids[9] });
    await one.enterRoom('past');
    await one.see('.message:has-text("about the tenth") .quote:has-text("entry 10")');
    await one.page.click('.message:has-text("about the tenth") .quote');
    await one.see('.message.found:has-text("entry 10")');
    const shown = await entries(one);
    expect(isWhole(shown)).toBe(true);
    expect(shown).not.toContain(length);
    // What is said meanwhile does not disturb the reading, and is a click away.
    await two.write('said meanwhile');
    await one.see('.to-newest.news');
    await one.page.click('.to-newest');
    await one.hear('said meanwhile');
    expect(isWhole(await entries(one))).toBe(true);

    await one.page.locator('.message', { hasText: 'said meanwhile' }).hover();
    await one.page.locator('.message', { hasText: 'said meanwhile' }).locator('.message-actions').click();
    await one.page.click('.menu-item:has-text("Reply")');
    await one.see('.replying:has-text("said meanwhile")');
    await one.see('.composer textarea:focus');
    await one.write('I heard it');
    await two.see('.message:has-text("I heard it") .quote:has-text("said meanwhile")');
    await one.miss('.replying');
  });

  it('names are completed, told, and stand out', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await two.open('/');
    await two.see('.room-line');
    await one.enterRoom('past');
    await one.page.locator('.composer textarea').pressSequentially('Look here @b');
    await one.see('.completion [role=option]:has-text("bo")');
    await one.page.keyboard.press('Enter');
    expect(await one.page.inputValue('.composer textarea')).toBe('Look here @bo ');
    await one.page.keyboard.press('Enter');
    await two.see('.room-line:has-text("The past") .mention-badge');
    await two.page.click('.sidebar .room-line:has-text("The past")');
    await two.see('.mention.me:has-text("@bo")');
    await two.open('/');
    await two.miss('.mention-badge');
  });

  it('who was away longer is led to the first message that is new', async () => {
    const two = await stage.member(bo);
    await two.enterRoom('past');
    await two.hear(`Look here @bo`);
    await two.settled();
    await two.open('/login');
    for (let n = 1; n <= 90; n++) await ann.rest.post('/rooms/past/messages', { content: `news ${n}` });
    await two.enterRoom('past');
    await two.hear('news 90');
    await two.page.click('.to-unread');
    await two.see('.unread-line');
    await two.see('.message.found:has-text("news 1")');
    expect(isWhole(await entries(two))).toBe(true);
  });

  it('the picker finds an emoji by its name, and it comes where the caret is', async () => {
    const one = await stage.member(ann);
    await one.enterRoom('past');
    await one.page.fill('.composer textarea', 'Congratulations');
    await one.page.click('[aria-label="Insert an emoji"]');
    await one.page.fill('.emoji-search', 'birthday');
    await one.see('.emoji-grid .emoji');
    expect(await one.page.locator('.emoji-grid .emoji').count()).toBeLessThan(5);
    await one.page.keyboard.press('Enter');
    await one.miss('.emoji-popover');
    expect(await one.page.inputValue('.composer textarea')).toMatch(/^Congratulations\p{Emoji}/u);
    await one.page.fill('.composer textarea', '/help');
    await one.page.press('.composer textarea', 'Enter');
    await one.see('dialog[open]:has-text("/pm name text")');
  });

  it('a draft and what could not be sent are there after a reload', async () => {
    const one = await stage.member(ann);
    one.provoked.push(/net::ERR_/, /WebSocket connection to .* failed/);
    await one.enterRoom('past');
    await one.hear('news 90');
    await one.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await one.context.setOffline(true);
    await one.write('written in a tunnel');
    await one.see('.pending:has-text("written in a tunnel")');
    await one.page.fill('.composer textarea', 'half a thought');
    await one.context.setOffline(false);
    await one.page.evaluate("localStorage.setItem('test', '1')");
    await one.enterRoom('past');
    await one.hear('written in a tunnel');
    await one.settled();
    expect((await one.heard()).filter((text) => text === 'written in a tunnel')).toHaveLength(1);
    expect(await one.page.inputValue('.composer textarea')).toBe('half a thought');
    await one.open('/');
    await one.page.click('[aria-label="Log out"]');
    await one.see('.notice:has-text("logged out")');
    const kept = await one.page.evaluate<string[]>('Object.keys(localStorage)');
    expect(kept.filter((key) => /drafts|outbox/.test(key))).toEqual([]);
  });
});
