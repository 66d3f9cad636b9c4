import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo, type TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

describeWithBrowser('people', () => {
  const stage = new Stage();
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
    for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
  });

  it('become friends, live on both pages, and part again', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await two.open('/');
    await two.see('.home');
    await one.open('/friends');
    await one.page.fill('input[name=username]', 'bo');
    await one.page.press('input[name=username]', 'Enter');
    await one.see('.toast:has-text("on its way")');
    await two.see('.main-nav .nav-item:has-text("Friends") .badge');
    await two.see('.home .person-row:has-text("ann")');
    await two.page.click('.home button:text-is("Accept")');
    await two.miss('.home .person-row');
    await one.see('.person-row:has-text("bo") .icon-button');
    await one.see('.avatar-place.online-now');
    await one.page.click('.person-row [aria-label^="Write"]');
    await one.see('.composer textarea');
    await one.write('Hello friend');
    await two.see('.room-line:has-text("Hello friend") .badge');

    await one.open('/friends');
    await one.page.click('.person-row [aria-label^="End friendship"]');
    await one.page.click('dialog .button.danger');
    await one.see('.empty-title:has-text("No friends yet")');
  });

  it('a request is declined, another taken back, and blocked people are listed and freed', async () => {
    const one = await stage.member(ann);
    await bo.rest.post('/friends/requests', { username: 'ann' });
    await one.open('/friends');
    await one.page.click('[role=tab]:has-text("Requests")');
    await one.page.click('button:text-is("Decline")');
    await one.see('.empty-title:has-text("No requests")');
    await ann.rest.post('/friends/requests', { username: 'bo' });
    await one.page.click('[role=tab]:has-text("Sent")');
    await one.page.click('button:text-is("Withdraw")');
    await one.see('.empty-title:has-text("Nothing sent")');
    await ann.rest.put('/blocks/bo');
    await one.open('/settings/blocked');
    await one.see('.person-row:has-text("bo")');
    await one.page.click('button:text-is("Unblock")');
    await one.see('.empty-title:has-text("You block nobody")');
  });

  it('are told what happened, with a way there, and what was read is read on every page', async () => {
    const one = await stage.member(ann);
    const other = await one.tab();
    await one.open('/friends');
    await other.open('/notifications');
    await other.see('.toolbar');
    const { body } = await ann.rest.post('/rooms/lobby/messages', { content: 'What do you think?' });
    await bo.rest.post('/rooms/lobby/messages', { content: 'I like it', replyTo: body.message.id });
    await one.see('.main-nav .nav-item:has-text("Notifications") .badge');
    await other.see('.notice-rows li.unread:has-text("I like it")');
    await other.page.click('.notice-rows li.unread:has-text("I like it") a');
    await other.see('.message.found:has-text("I like it")');
    await bo.rest.post('/friends/requests', { username: 'ann' });
    await one.open('/notifications');
    await one.see('.notice-rows li.unread');
    await one.page.click('.toolbar button:has-text("Mark all as read")');
    await one.miss('.notice-rows li.unread');
    await one.page.goto(`${one.url}/settings/notifications`);
    await one.page.click('[aria-label="Friend requests: Mail"]');
    await one.see('.toast:has-text("Saved")');
  });

  it('send pictures with a word, chosen or dropped, which others see large', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await one.enterRoom('lobby');
    await two.enterRoom('lobby');
    await one.page.setInputFiles('.composer input[type=file]', { name: 'sunset.png', mimeType: 'image/png', buffer: await picture() });
    await one.see('.enclosures img');
    await one.page.fill('.composer textarea', 'Look at this');
    await one.miss('.enclosures progress');
    await one.page.press('.composer textarea', 'Enter');
    await two.see('.message:has-text("Look at this") .picture img');
    await two.page.click('.message:has-text("Look at this") .picture');
    await two.see('.lightbox[open] img');
    await two.page.keyboard.press('Escape');
    await two.miss('.lightbox');
    await one.settled();
    const loaded = await two.page.evaluate<number>("document.querySelector('.picture img').naturalWidth");
    expect(loaded).toBeGreaterThan(0);
  });

  it('change their names, picture, username and email, seen at once where they stand', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await one.enterRoom('lobby');
    await one.write('before the change');
    await two.enterRoom('lobby');
    await two.hear('before the change');
    await one.open('/settings');
    await one.page.fill('input[name=firstName]', 'Anna');
    await one.page.fill('textarea[name=about]', 'Grows tomatoes.');
    await one.page.click('form button[type=submit]');
    await one.see('.toast:has-text("Saved")');
    await two.see('.message .author:text-is("Anna")');
    await one.page.setInputFiles('input[name=avatar]', { name: 'me.png', mimeType: 'image/png', buffer: await picture() });
    await one.see('.picture-part img');
    await two.see('.message .avatar img');
    await one.page.setInputFiles('input[name=avatar]', { name: 'again.png', mimeType: 'image/png', buffer: await picture() });
    await one.see('.picture-history li:nth-child(1) [aria-pressed=true]');
    await one.page.click('[aria-label="Show picture 2"]');
    await one.see('.picture-history li:nth-child(2) [aria-pressed=true]');
    await one.page.click('[aria-label="Delete picture 1"]');
    await one.page.click('dialog .button.danger');
    await one.miss('.picture-history li:nth-child(2)');
    await one.page.setInputFiles('input[name=signature]', { name: 'sign.png', mimeType: 'image/png', buffer: await picture() });
    await one.see('img.signature');
    await until(() => one.page.isChecked('label:has-text("By this picture") input'), 'the signature to be in use');
    await one.page.click('label:has-text("By name")');
    await until(async () => (await ann.rest.get('/users/me')).body.signature === 'name', 'the name to be in use');

    await one.page.click('[role=tab]:has-text("Account")');
    await one.page.fill('input[name=username]', 'anna');
    await one.page.click('button:text-is("Change username")');
    await one.see('.part:has-text("It can be changed again on")');
    await one.page.fill('input[name=email]', 'anna@example.org');
    await one.page.locator('section:has(input[name=email]) input[name=password]').fill(ann.password);
    await one.page.click('button:text-is("Change email")');
    await one.see('.confirmation .code');
    let code = '';
    await until(async () => {
      code = (await mailTo({ anonymous: stage.server.rest }, 'anna@example.org').catch(() => null))?.code ?? '';
      return code !== '';
    }, 'the mail with the code');
    await one.page.locator('.code input').first().focus();
    await one.page.keyboard.type(code);
    await one.see('.part:has-text("Now: anna@example.org")');
  });

  it('are let into a private room by a link, after the log-in', async () => {
    const one = await stage.member(bo);
    await bo.rest.post('/rooms', { name: 'den', title: 'The den', kind: 'private' });
    await one.enterRoom('den');
    await one.page.click('[aria-label="Room settings"]');
    await one.page.click('[role=tab]:has-text("Invitations")');
    await one.page.click('button:text-is("Make a link")');
    await one.see('.link-line input');
    const link = await one.page.inputValue('.link-line input');
    const cy = await stage.person('cy');
    const three = await stage.visitor();
    await three.open(new URL(link).pathname);
    await three.see('h1:has-text("The den")');
    await three.page.click('.button.primary');
    await three.submitLogin(cy.username, cy.password);
    await three.page.click('button:text-is("Enter the room")');
    await three.see('.composer textarea');
    await three.write('Thank you for having me');

    // And the owner makes them moderator, then shows them out.
    await one.page.click('[role=tab]:has-text("Members")');
    await one.page.selectOption('.members select[aria-label="Role of cy"]', 'moderator');
    await until(
      async () => (await bo.rest.get('/rooms/den/members')).body.items.some(({ role }: { role: string }) => role === 'moderator'),
      'the role',
    );
    await one.page.click('[aria-label="Remove cy from the room"]');
    await one.page.click('dialog .button.danger');
    await three.see('.empty-title:has-text("no longer in this room")');
    await expectBad(three, '/invite/nothing-of-the-kind');
  });

  it('publish, and others see it when they ask for it; likes, comments and answers come by themselves', async () => {
    const [dee, eli] = [await stage.person('dee'), await stage.person('eli')];
    const one = await stage.member(dee);
    const two = await stage.member(eli);
    await two.open('/feed');
    await two.see('.tag-row .tag:text-is("#music")');
    await one.open('/posts/new');
    await one.page.fill('input[name=title]', 'Tulips on 4th street');
    await one.page.fill('textarea[name=content]', 'They are open: https://example.org/tulips');
    await one.page.fill('input[name=tag]', 'Tulips,');
    await one.page.click('.offered .tag:text-is("#nature")');
    const files = await Promise.all(
      ['first', 'second', 'third'].map(async (name) => ({ name: `${name}.png`, mimeType: 'image/png', buffer: await picture() })),
    );
    await one.page.setInputFiles('input[name=pictures]', files);
    await one.see('.picture-strip li:nth-child(3)');
    await one.miss('.picture-strip progress');
    // The last one first: by its button, then by the keys.
    await one.page.click('[aria-label="Move third.png forward"]');
    await one.see('.picture-strip li:nth-child(2) img[alt$="third.png"]');
    await one.page.focus('[aria-label="Take out third.png"]');
    await one.page.keyboard.press('Alt+ArrowLeft');
    await one.see('.picture-strip li:nth-child(1) img[alt$="third.png"]');
    await one.page.fill('input[name=link]', 'example.org/spring');
    await one.page.click('button:text-is("Publish")');
    await one.see('h1:text-is("Tulips on 4th street")');
    await one.see('.link-card:has-text("example.org")');
    const [post] = (await dee.rest.get('/posts?author=dee')).body.items;
    expect(post.images.map(({ name }: { name: string }) => name)).toEqual(['third.png', 'first.png', 'second.png']);
    expect([...post.tags].sort()).toEqual(['Tulips', 'nature']);

    // Nothing moves before it is asked for.
    await two.see('.news-bar:has-text("1 new post")');
    expect(await two.page.locator('.post').count()).toBe(0);
    await two.page.click('.news-bar');
    await two.see('.post:has-text("Tulips on 4th street") .picture img');
    await two.page.click('.post .mark.like');
    await two.see('.post .mark.like[aria-pressed=true]');
    await one.see('.post .mark.like:has-text("1")');
    await two.page.click('.post h2 a');
    await two.see('.comment-form textarea');
    await two.page.fill('.comment-form textarea', 'How lovely');
    await two.page.click('.comment-form button[type=submit]');
    await one.see('.comment:has-text("How lovely")');
    await one.see('h2:text-is("1 comment")');
    await one.page.click('.comment [aria-label="Answer eli"]');
    await one.page.fill('.answers textarea', 'Come and see');
    await one.page.press('.answers textarea', 'Control+Enter');
    await one.see('.answers .comment:has-text("Come and see")');
    await two.page.click('.answers-button:has-text("1 answer")');
    await two.see('.answers .comment:has-text("Come and see")');
    await one.page.click('.answers .comment .mark.like');
    await one.see('.answers .mark.like[aria-pressed=true]');

    await two.page.click('.comment:has-text("How lovely") [aria-label="Edit your comment"]');
    await two.page.fill('.comment textarea', 'How very lovely');
    await two.page.click('.comment button[type=submit]');
    await one.see('.comment:has-text("How very lovely")');
    await two.page.click('.comment:has-text("How very lovely") [aria-label="Delete the comment of eli"]');
    await two.page.click('dialog .button.danger');
    await one.see('.comment.gone');

    await one.page.click('[aria-label^="Edit the post"]');
    await one.see('.picture-strip li:nth-child(3)');
    await one.page.fill('input[name=title]', 'Tulips on 5th street');
    await one.page.click('button:text-is("Save")');
    await two.see('h1:text-is("Tulips on 5th street")');
    await two.see('.post-pictures li:nth-child(3)');
    await one.page.click('[aria-label^="Delete the post"]');
    await one.page.click('dialog .button.danger');
    await one.see('.empty-title:text-is("No posts yet")');
    await two.see('.empty-title:text-is("This post is not here")');
  });

  it('have a page: friends by a button, messages, posts, albums with a viewer, and nothing of it after a block', async () => {
    const [fay, gus] = [await stage.person('fay'), await stage.person('gus')];
    await gus.rest.post('/posts', { title: 'A post of gus' });
    const one = await stage.member(fay);
    const two = await stage.member(gus);
    await two.open('/people/gus/albums');
    await two.page.click('button:has-text("Make an album")');
    await two.page.fill('dialog input[name=name]', 'Summer');
    await two.page.fill('dialog input[name=year]', '2025');
    await two.page.click('dialog button[type=submit]');
    await two.see('h1:text-is("Summer")');
    const photo = { name: 'lake.png', mimeType: 'image/png', buffer: await picture() };
    await two.page.setInputFiles('input[name=photos]', [photo, { ...photo, name: 'boat.png' }]);
    await two.see('.photos li:nth-child(2) img');
    await two.page.click('[aria-label="Photo 2 is the cover"]');
    await two.see('[aria-label="Photo 2 is the cover"][aria-pressed=true]');

    await one.open('/people/gus');
    await one.see('.avatar-place.online-now');
    await one.see('.post:has-text("A post of gus")');
    await one.page.click('.person-actions button:text-is("Add friend")');
    await one.see('.person-actions button:text-is("Withdraw the request")');
    await two.open('/people/fay');
    await two.page.click('.person-actions button:text-is("Accept")');
    await one.see('.person-actions button:text-is("End friendship")');
    await one.page.click('[role=tab]:text-is("Albums")');
    await one.page.click('.album:has-text("Summer")');
    await one.page.locator('.photos .picture').first().click();
    await one.see('.lightbox[open] [role=status]:text-is("1 of 2")');
    await one.page.keyboard.press('ArrowRight');
    await one.see('.lightbox[open] [role=status]:text-is("2 of 2")');
    await one.page.keyboard.press('Escape');
    await one.miss('.lightbox');
    for (const person of [fay, gus]) await person.rest.post('/rooms/lobby/join');
    await gus.rest.post('/rooms/lobby/messages', { content: 'Said by gus' });
    const other = await one.tab();
    await other.enterRoom('lobby');
    await other.hear('Said by gus');
    await one.open('/people/gus');
    await one.page.click('[aria-label="Block: gus"]');
    await one.page.click('dialog .button.danger');
    await one.see('.empty-title:text-is("You block this person")');
    await one.miss('.post');
    await until(async () => !(await other.heard()).includes('Said by gus'), 'what gus said to go');
    await two.see('.person-actions button:text-is("Add friend")');
    await one.page.click('button:text-is("Unblock")');
    await one.see('.post:has-text("A post of gus")');
    await other.hear('Said by gus');
  });

  /** A small PNG of one colour. */
  function picture(): Promise<Buffer> {
    return sharp({ create: { width: 64, height: 64, channels: 3, background: '#c04020' } })
      .png()
      .toBuffer();
  }

  async function expectBad(visitor: Visitor, path: string): Promise<void> {
    visitor.provoked.push(/status of 404/);
    await visitor.open(path);
    await visitor.see('h1:has-text("does not work")');
    expect(new URL(visitor.page.url()).pathname).toBe(path);
  }
});
