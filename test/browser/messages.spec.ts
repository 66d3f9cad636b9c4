import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

describeWithBrowser('what one does with messages', () => {
  const stage = new Stage();
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
  });

  async function bothIn(room: string): Promise<[Visitor, Visitor]> {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await one.enterRoom(room);
    await two.enterRoom(room);
    return [one, two];
  }

  function row(visitor: Visitor, text: string) {
    return visitor.page.locator('.message', { has: visitor.page.locator(`.content:text-is("${text}")`) });
  }

  /** Opens the menu of a message with the mouse. */
  async function menuOf(visitor: Visitor, text: string): Promise<void> {
    await row(visitor, text).hover();
    await row(visitor, text).locator('.message-actions').click();
    await visitor.see('.message-menu');
  }

  it('edits by the menu: everybody sees the new words and the mark', async () => {
    const [one, two] = await bothIn('editing');
    await one.write('a tpyo');
    await two.hear('a tpyo');
    await menuOf(one, 'a tpyo');
    await one.page.click('.menu-item:has-text("Edit")');
    await one.see('.composer textarea:focus');
    expect(await one.page.inputValue('.composer textarea')).toBe('a tpyo');
    await one.write('a typo');
    await two.hear('a typo');
    await row(two, 'a typo').locator('.edited').waitFor();
    await row(one, 'a typo').locator('.edited').waitFor();
    expect(await two.heard()).toEqual(['a typo']);
    await two.see('.room-line[aria-current]:has-text("a typo")');

    await menuOf(two, 'a typo');
    expect(await two.page.locator('.menu-item').allTextContents()).not.toContain('Edit');
  });

  it('edits the last one by ArrowUp, and Escape keeps everything as it was', async () => {
    const [one, two] = await bothIn('arrow-up');
    await one.write('first');
    await one.write('second');
    await two.hear('second');
    await two.write('from bo');
    await one.hear('from bo');
    await one.page.press('.composer textarea', 'ArrowUp');
    await one.see('.message.editing:has-text("second")');
    await one.page.fill('.composer textarea', 'something else');
    await one.page.press('.composer textarea', 'Escape');
    await one.miss('.message.editing');
    expect(await one.page.inputValue('.composer textarea')).toBe('');
    await one.page.press('.composer textarea', 'ArrowUp');
    await one.write('second, said better');
    await two.hear('second, said better');
    expect(await two.heard()).toEqual(['first', 'second, said better', 'from bo']);
    await one.write('and a new one');
    await two.hear('and a new one');
  });

  it('keeps what was begun when another message is edited in between', async () => {
    const [one] = await bothIn('draft');
    await one.write('said');
    await one.hear('said');
    await one.settled();
    await one.page.fill('.composer textarea', 'half a thought');
    await menuOf(one, 'said');
    await one.page.click('.menu-item:has-text("Edit")');
    await one.write('said anew');
    await one.hear('said anew');
    await until(async () => (await one.page.inputValue('.composer textarea')) === 'half a thought', 'the draft');
  });

  it('deletes after a question, by keyboard alone; its place stays', async () => {
    const [one, two] = await bothIn('deleting');
    await one.write('stays');
    await one.write('goes');
    await two.hear('goes');
    await one.settled();
    const { keyboard } = one.page;
    await one.page.focus('.composer textarea');
    // First the button for pictures, then the last message.
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    await one.see('.message-actions:focus');
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await one.see('.message-menu .emoji:focus');
    await keyboard.press('Escape');
    await one.miss('.message-menu');
    await one.see('.message-actions:focus');
    await keyboard.press('Enter');
    await one.see('.message-menu .emoji:focus');
    await keyboard.press('End');
    await one.see('.menu-item:focus:has-text("Delete")');
    await keyboard.press('Enter');
    await one.see('dialog[open]');
    await one.page.locator('dialog .button.danger').focus();
    await keyboard.press('Enter');
    await one.see('.content.gone');
    await two.see('.content.gone');
    await one.see('.composer textarea:focus');
    expect(await two.heard()).toEqual(['stays', 'This message was deleted.']);
    expect(await two.page.content()).not.toContain('goes');
    await two.see('.room-line[aria-current]:has-text("Message deleted")');

    await two.enterRoom('deleting');
    await two.hear('stays');
    expect(await two.heard()).toEqual(['stays', 'This message was deleted.']);
  });

  it("emojis come and go, are counted, and one knows one's own after a reload", async () => {
    const [one, two] = await bothIn('emojis');
    await one.write('who likes this?');
    await two.hear('who likes this?');
    await menuOf(two, 'who likes this?');
    await two.page.click('.emoji:text-is("👍")');
    await one.see('.reaction:has-text("👍 1")');
    await one.page.click('.reaction:has-text("👍")');
    await two.see('.reaction.own:has-text("👍 2")');
    await one.see('.reaction.own:has-text("👍 2")');
    await two.enterRoom('emojis');
    await two.see('.reaction.own:has-text("👍 2")');
    await two.page.click('.reaction');
    await two.see('.reaction:not(.own):has-text("👍 1")');
    await one.see('.reaction.own:has-text("👍 1")');
    await one.page.click('.reaction');
    await two.miss('.reaction');
    await one.miss('.reaction');
  });

  it('tells who is typing, until the message is there, and nothing of a private one', async () => {
    const [one, two] = await bothIn('typing');
    await one.page.locator('.composer textarea').pressSequentially('I am');
    await two.see('.typing:has-text("ann is typing")');
    expect(await one.page.locator('.typing').count()).toBe(0);
    await one.write('I am done');
    await two.hear('I am done');
    await two.miss('.typing');

    await two.page.locator('.composer textarea').pressSequentially('Hm');
    await one.see('.typing:has-text("bo is typing")');
    await two.page.fill('.composer textarea', '');
    await one.miss('.typing');
    await two.page.fill('.composer textarea', '/pm ann psst');
    await two.write('aloud');
    await one.hear('aloud');
    expect(await one.page.locator('.typing').count()).toBe(0);
  });

  it('works by touch: the menu opens at once, without hovering', async () => {
    const phone = await stage.member(ann, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await phone.enterRoom('touch');
    await phone.page.fill('.composer textarea', 'from a phone');
    await phone.page.tap('.composer .send');
    await phone.hear('from a phone');
    await phone.settled();
    await phone.page.tap('.message-actions');
    await phone.page.tap('.emoji:text-is("🎉")');
    await phone.see('.reaction.own:has-text("🎉 1")');
    await phone.page.tap('.message-actions');
    await phone.page.tap('.menu-item:has-text("Delete")');
    await phone.page.tap('dialog .button.danger');
    await phone.see('.content.gone');
  });

  it('shows a post whose address was sent in short, leads to it, and shows none of somebody who is blocked', async () => {
    const { id } = (await bo.rest.post('/posts', { title: 'Boats at noon', content: 'They lay still.' })).body.post as { id: string };
    const [one, two] = await bothIn('linking');
    await two.write(`${stage.server.url}/posts/${id} look, and ${stage.server.url}/posts/019a8f3e-7c41-7d02-9b5a-3f6c2e81d7aa`);
    await one.see('.linked-post:has-text("Boats at noon"):has-text("They lay still.")');
    expect(await one.page.locator('.linked-post').count()).toBe(1);
    await one.page.click('.linked-post');
    await one.see('h1:has-text("Boats at noon")');
    await one.page.goBack();
    await one.see('.linked-post');
    await ann.rest.put('/blocks/bo');
    await one.miss('.linked-post');
    await ann.rest.delete('/blocks/bo');
    await one.see('.linked-post');
  });
});
