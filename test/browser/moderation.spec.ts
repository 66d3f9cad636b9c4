import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { attacks, isHarmless } from './support/attacks.js';
import { Stage } from './support/stage.js';
import { until } from './support/visitor.js';

describeWithBrowser('order is kept', () => {
  const stage = new Stage({ admin: 'root' });
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
    for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
  });

  it('a report goes from a click over the queue to a mute, which its owner is told with its end', async () => {
    const [, insult = ''] = attacks;
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    const root = await stage.member(stage.admin);
    await bo.rest.post('/rooms/lobby/messages', { content: insult });
    await one.enterRoom('lobby');
    await one.hear(insult);
    await one.page.locator('.message', { hasText: insult }).locator('.message-actions').click();
    await one.page.click('[role=menuitem]:has-text("Report")');
    await one.see('dialog .reported');
    await one.page.fill('dialog textarea', `${attacks[0]} is what it says`);
    await one.page.click('dialog button[type=submit]');
    await one.see('.toast:has-text("Thank you")');
    await isHarmless(one);

    await root.open('/admin');
    await root.see(`.case:has-text("is what it says")`);
    await isHarmless(root);
    await root.page.click('.case button:text-is("Take")');
    await root.see('.empty-title:has-text("No reports here")');
    await root.page.selectOption('.filters select >> nth=0', 'claimed');
    await root.page.click('.case button:text-is("Decide")');
    await root.page.selectOption('dialog select >> nth=0', 'mute');
    await root.page.selectOption('dialog select >> nth=1', 'week');
    await root.page.fill('dialog textarea', 'Not like this');
    await root.page.click('dialog button[type=submit]');
    await root.see('.empty-title:has-text("No reports here")');

    await two.enterRoom('lobby');
    await two.write('Can you hear me?');
    await two.see('.pending.failed:has-text("until")');
    await root.open(`/admin/people/${bo.id}`);
    await root.see('.tag.bad:has-text("Muted until")');
    await root.page.click('button:text-is("Lift")');
    await root.miss('.tag.bad');
    await two.page.click('.pending.failed button:has-text("Try again")');
    await one.hear('Can you hear me?');
  });

  it('who is suspended is out at once, and is told until when', async () => {
    const cy = await stage.person('cy');
    const one = await stage.member(cy);
    const root = await stage.member(stage.admin);
    one.provoked.push(/status of 40[13]/);
    await one.enterRoom('lobby');
    await root.open('/admin/people');
    await root.page.fill('input[name=people]', 'cy');
    await root.page.click('.strong-link:text-is("cy")');
    await root.page.selectOption('.part select >> nth=0', 'suspend');
    await root.page.selectOption('.part select >> nth=1', 'day');
    await root.page.fill('textarea[name=reason]', attacks[2]!);
    await root.page.click('.part button[type=submit]');
    await root.see('.tag.bad:has-text("Suspended until")');
    await isHarmless(root);
    await one.see('.account-bar.guest, input[name=login]');
    await one.open('/login');
    await one.submitLogin(cy.username, cy.password);
    await one.see('.notice.bad:has-text("suspended until")');
  });

  it('who is banned from a room stands in its settings, and comes back when the ban is lifted', async () => {
    await ann.rest.post('/rooms', { name: 'orchard', title: 'The orchard', kind: 'public' });
    await bo.rest.post('/rooms/orchard/join');
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    two.provoked.push(/status of 40[34]/);
    await two.enterRoom('orchard');
    await one.enterRoom('orchard');
    await one.page.click('[aria-label="Room settings"]');
    await one.page.click('[aria-label="Ban bo from the room"]');
    await one.page.click('dialog .button.danger');
    await one.see('.bans:has-text("Banned") li:has-text("bo")');
    await two.see('.empty-title');
    await one.page.click('[aria-label="Lift the ban of bo"]');
    await one.miss('.bans');
    await two.enterRoom('orchard');
    await two.write('Here again');
    await one.hear('Here again');
  });

  it('what breaks the rules is removed with a reason, everybody is told something, and the log says who did it', async () => {
    const one = await stage.member(ann);
    const root = await stage.member(stage.admin);
    await ann.rest.post('/rooms/lobby/messages', { content: 'Buy my watches' });
    await one.enterRoom('lobby');
    await one.hear('Buy my watches');
    await root.open('/admin/messages');
    await root.page.fill('input[name=author]', 'ann');
    await root.page.locator('.thing', { hasText: 'Buy my watches' }).locator('button').click();
    await root.page.click('dialog button[type=submit]');
    await root.see('dialog .field-error');
    await root.page.fill('dialog textarea', 'Advertising');
    await root.page.click('dialog button[type=submit]');
    await root.miss('.thing:has-text("Buy my watches")');
    await one.miss('.message .content:text-is("Buy my watches")');

    await root.page.click('[role=tab]:has-text("Announcements")');
    await root.page.fill('textarea[name=message]', `Cake at four ${attacks[0]}`);
    await root.page.click('form button[type=submit]');
    await root.page.click('dialog .button.danger');
    await one.see('.toast:has-text("Cake at four")');
    await isHarmless(one);
    await root.page.click('[role=tab]:has-text("Audit log")');
    await root.see('.thing:has-text("removed a message"):has-text("Advertising")');

    await root.page.click('[role=tab]:has-text("Invitations")');
    await root.page.click('button:text-is("Make a link")');
    const link = new URL(await root.page.inputValue('.link-line input'));
    expect(link.pathname).toBe('/register');
    await root.see('.members li');
    await one.open('/admin');
    await one.see('.empty-title');
    expect(await one.page.locator('.main-nav .nav-admin').count()).toBe(0);
  });

  it('a word that is nearly right finds what was said, and leads to it in its room, by keyboard alone', async () => {
    await bo.rest.post('/rooms', { name: 'harbour', title: 'The harbour', kind: 'public' });
    await bo.rest.post('/rooms/harbour/messages', { content: `The lighthouse ${attacks[0]} was painted` });
    for (let n = 1; n <= 60; n++) await bo.rest.post('/rooms/harbour/messages', { content: `wave ${n}` });
    const one = await stage.member(ann);
    await until(async () => (await ann.rest.get('/search?q=lighthouse')).body.items.length > 0, 'the index');
    await one.open('/');
    await one.see('.main-nav');
    await one.page.keyboard.press('Control+k');
    await one.see('input[name=q]');
    await one.page.keyboard.type('lihgthouse');
    await one.see('.hit mark:text-is("lighthouse")');
    await isHarmless(one);
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('Enter');
    await one.see('.message.found:has-text("lighthouse")');

    await one.page.click('.room-head [aria-label="Search in this room"]');
    await one.page.fill('input[name=q]', 'wave 6');
    await one.see('.in-room:has-text("The harbour")');
    await one.page.click('.hit:has-text("wave 6")');
    await one.see('.message.found:has-text("wave 6")');
    await one.see('.composer textarea');
  });
});
