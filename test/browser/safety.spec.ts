import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { attacks, isHarmless } from './support/attacks.js';
import { Stage } from './support/stage.js';
import { until } from './support/visitor.js';

describeWithBrowser('what strangers type stays text', () => {
  const stage = new Stage();
  let ann: TestPerson, bo: TestPerson;

  beforeAll(async () => {
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
  });

  it('in messages, private ones, edits and the list of rooms', async () => {
    const one = await stage.member(ann);
    const two = await stage.member(bo);
    await one.enterRoom('lobby');
    await two.enterRoom('lobby');
    for (const text of attacks) {
      await one.write(text);
      await two.hear(text);
    }
    expect(await two.heard()).toEqual(attacks);
    await one.page.press('.composer textarea', 'ArrowUp');
    await one.see('.message.editing');
    await one.write(`${attacks[0]} edited`);
    await two.hear(`${attacks[0]} edited`);
    await one.write(`/pm bo ${attacks[1]}`);
    await two.see('.room-line .badge');
    await two.page.click('.sidebar .room-line:has(.badge)');
    await two.hear(attacks[1]!);
    await isHarmless(one);
    await isHarmless(two);
  });

  it('in the forms: register, log in, reset, search, new rooms, codes', async () => {
    const visitor = await stage.visitor();
    visitor.provoked.push(/status of 4\d\d/);
    for (const text of attacks.slice(0, 3)) {
      await visitor.open('/register');
      for (const name of ['email', 'username', 'password', 'passwordConfirmation']) await visitor.page.fill(`input[name=${name}]`, text);
      await visitor.page.press('input[name=passwordConfirmation]', 'Enter');
      await visitor.see('.field-error');
      await isHarmless(visitor);
      await visitor.open('/login');
      await visitor.submitLogin(text, text);
      await visitor.see('.notice.bad');
      await isHarmless(visitor);
      await visitor.open('/forgot');
      await visitor.page.fill('input[name=email]', `${text}@example.org`);
      await visitor.page.press('input[name=email]', 'Enter');
      await visitor.see('.field-error, .notice');
      await isHarmless(visitor);
      for (const path of ['/activate?token=', '/reset-password?token=', '/rooms/', '/nowhere?q=']) {
        await visitor.open(path + encodeURIComponent(text));
        await visitor.see('main h1');
        await isHarmless(visitor);
      }
    }
    const member = await stage.member(ann);
    member.provoked.push(/status of 4\d\d/);
    await member.open('/');
    for (const text of attacks.slice(0, 3)) {
      await member.page.fill('.search input', text);
      await member.see('.empty-title');
      await isHarmless(member);
      await member.page.click('.sidebar-head .icon-button');
      await member.page.fill('dialog input[name=name]', `room${attacks.indexOf(text)}`);
      await member.page.fill('dialog input[name=title]', text);
      await member.page.press('dialog input[name=title]', 'Enter');
      await member.see('.composer textarea');
      await until(async () => (await member.page.locator('.room-head h1').textContent()) === text, 'the title as it was typed');
      await isHarmless(member);
    }
  });

  it('in posts, comments, tags, albums and profiles', async () => {
    const [evil, image] = [await stage.person('evil'), attacks[0]!];
    await evil.rest.patch('/users/me', { firstName: image.slice(0, 30), about: attacks.join('\n') });
    const { body } = await evil.rest.post('/posts', { title: image, content: attacks.join('\n'), tags: [attacks[1]!, attacks[5]!] });
    await evil.rest.post(`/posts/${body.post.id}/comments`, { content: attacks.join('\n') });
    const album = await evil.rest.post('/albums', { name: image, theme: attacks[1], year: 2026 });
    const visitor = await stage.member(ann);
    for (const [path, shown] of [
      ['/feed', '.post h2'],
      [`/feed?tag=${encodeURIComponent(attacks[1]!)}`, '.post h2'],
      [`/posts/${body.post.id}`, '.comment .post-text'],
      ['/people/evil', '.person-about'],
      ['/people/evil/albums', '.album strong'],
      [`/albums/${album.body.album.id}`, '.album-head h1'],
    ] as const) {
      await visitor.open(path);
      await visitor.see(shown);
      expect(await visitor.page.locator(shown).first().textContent()).toContain('<img src=x onerror=');
      await isHarmless(visitor);
    }
    for (const path of ['/people/', '/people/evil/', '/feed?tag=', '/albums/', '/posts/']) {
      visitor.provoked.push(/status of 404/);
      await visitor.open(path + encodeURIComponent(attacks[2]!));
      await visitor.see('main h1');
      await isHarmless(visitor);
    }
  });

  it('the server names where scripts may come from, and answers no script of anybody else', async () => {
    const visitor = await stage.visitor();
    await visitor.open('/rooms/lobby');
    const policy = (await fetch(stage.server.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    visitor.provoked.push(/Content Security Policy/);
    await visitor.page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = true' }))`,
    );
    expect(await visitor.page.evaluate('window.hacked')).toBeUndefined();
  });
});
