import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

describeWithBrowser('the chat, for everybody', () => {
  const stage = new Stage();
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
    for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
  });

  /** Presses a key until the focus is on something. */
  async function pressUntil(visitor: Visitor, key: string, selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      if (await visitor.page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
      await visitor.page.keyboard.press(key);
    }
    throw new Error(`${key} did not lead to ${selector}.`);
  }

  it('a screen reader is told what others say, and not what one says oneself', async () => {
    const one = await stage.member(ann);
    await one.enterRoom('lobby');
    const spoken = async () => one.page.locator('[aria-live=polite].visually-hidden').first().textContent();
    await bo.rest.post('/rooms/lobby/messages', { content: 'The kettle is on' });
    await until(async () => (await spoken()) === 'bo says: The kettle is on', 'the words');
    await one.write('Coming!');
    await one.hear('Coming!');
    await one.settled();
    expect(await spoken()).toBe('bo says: The kettle is on');
    // A message that is withdrawn is not read out later.
    const { body } = await bo.rest.post('/rooms/lobby/messages', { content: 'oops' });
    await until(async () => (await spoken()) === 'bo says: oops', 'the words');
    await bo.rest.delete(`/messages/${body.message.id}`);
    await until(async () => (await spoken()) === '', 'silence');
  });

  it('an emoji is picked, and a message answered by one, with the keyboard alone', async () => {
    const one = await stage.member(ann);
    await bo.rest.post('/rooms/lobby/messages', { content: 'Who likes tea?' });
    await one.enterRoom('lobby');
    await one.hear('Who likes tea?');
    await one.page.focus('.composer textarea');
    await one.page.keyboard.type('Me ');
    await pressUntil(one, 'Tab', '[aria-label="Insert an emoji"]');
    await one.page.keyboard.press('Enter');
    await one.see('.emoji-grid .emoji');
    await pressUntil(one, 'ArrowDown', '.emoji-grid .emoji');
    await one.page.keyboard.press('ArrowRight');
    const picked = await one.page.evaluate<string>('document.activeElement.textContent');
    await one.page.keyboard.press('Enter');
    await one.miss('.emoji-popover');
    expect(await one.page.inputValue('.composer textarea')).toBe(`Me ${picked}`);
    await pressUntil(one, 'Shift+Tab', '.message-actions');
    await one.page.keyboard.press('Enter');
    await one.see('.message-menu');
    await pressUntil(one, 'ArrowRight', '[aria-label*="❤"]');
    await one.page.keyboard.press('Enter');
    await one.see('.message:has-text("Who likes tea?") .reaction[aria-pressed=true]');
    await one.page.keyboard.press('Control+k');
    await one.see('input[name=q]');
  });

  it('nothing moves for those who asked for that', async () => {
    const one = await stage.member(ann, { reducedMotion: 'reduce' });
    for (const path of ['/rooms/lobby', '/feed', '/settings', '/login']) {
      await one.open(path);
      await one.see('h1');
      const moving = await one.page.evaluate<string[]>(
        `[...document.querySelectorAll('*')].filter((element) => { const { transitionDuration, animationName, animationDuration } = getComputedStyle(element); return transitionDuration.split(',').some((time) => parseFloat(time) > 0) || (animationName !== 'none' && animationDuration.split(',').some((time) => parseFloat(time) > 0)); }).map((element) => element.outerHTML.slice(0, 120))`,
      );
      expect([path, moving]).toEqual([path, []]);
    }
  });

  it('two tabs agree: what is sent, read and half written in one is so in the other', async () => {
    const one = await stage.member(ann);
    const other = await one.tab();
    await ann.rest.post('/rooms', { name: 'tabs', title: 'Tabs', kind: 'public' });
    await bo.rest.post('/rooms/tabs/join');
    await other.open('/rooms/lobby');
    await other.see('.room-line:has-text("Tabs")');
    await one.open('/');
    await one.see('.room-line:has-text("Tabs")');
    await bo.rest.post('/rooms/tabs/messages', { content: 'for both' });
    await other.see('.room-line:has-text("Tabs") .badge');
    await one.see('.room-line:has-text("Tabs") .badge');
    await one.enterRoom('tabs');
    await one.hear('for both');
    await other.miss('.room-line:has-text("Tabs") .badge');
    await other.enterRoom('tabs');
    await one.write('from the first');
    await other.hear('from the first');
    await one.settled();
    expect((await other.heard()).filter((text) => text === 'from the first')).toHaveLength(1);
    expect((await one.heard()).filter((text) => text === 'from the first')).toHaveLength(1);
  });

  it('a name leads to the person: above a message, in its menu, above a conversation', async () => {
    await bo.rest.post('/rooms/lobby/messages', { content: 'Who am I?' });
    const one = await stage.member(ann);
    await one.enterRoom('lobby');
    await one.hear('Who am I?');
    await one.page.locator('.message a.author:text-is("bo")').last().click();
    await one.see('.person-head h1:has-text("bo")');
    expect(new URL(one.page.url()).pathname).toBe('/people/bo');
    await one.enterRoom('lobby');
    await one.page.locator('.message', { hasText: 'Who am I?' }).locator('.message-actions').click();
    await one.page.click('[role=menuitem]:has-text("Open the page")');
    await one.see('.person-head h1:has-text("bo")');
    await one.page.click('.person-actions button:has-text("Write")');
    await one.see('.composer textarea');
    await one.page.click('.room-head h1 a:text-is("bo")');
    await one.see('.person-head h1:has-text("bo")');
    const guest = await stage.visitor();
    await guest.open('/rooms/lobby');
    await guest.hear('Who am I?');
    expect(await guest.page.locator('a.author').count()).toBe(0);
  });
});
