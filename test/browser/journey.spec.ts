import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo, type TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

const password = 'correct horse battery staple';

describeWithBrowser('the way from a stranger to a conversation', () => {
  const stage = new Stage();

  async function fillRegistration(visitor: Visitor, fields: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await visitor.page.fill(`input[name=${name}]`, value);
    await visitor.page.press('input[name=passwordConfirmation]', 'Enter');
  }

  async function faultOf(visitor: Visitor, field: string): Promise<string> {
    const error = visitor.page.locator('.field', { has: visitor.page.locator(`input[name=${field}]`) }).locator('.field-error');
    await error.waitFor();
    return error.innerText();
  }

  async function mailboxOf(email: string) {
    let mail: Awaited<ReturnType<typeof mailTo>> | undefined;
    await until(async () => {
      mail = await mailTo({ anonymous: stage.server.rest }, email).catch(() => undefined);
      return mail !== undefined;
    }, `a mail to ${email}`);
    return mail!;
  }

  describe('sign-up', () => {
    it('goes from field errors over the code of the mail to the lobby', async () => {
      await stage.person('taken');
      const ann = await stage.visitor();
      ann.provoked.push(/status of 4(09|22) .*\/auth\/(register|activate)/);
      await ann.open('/');
      await ann.page.click('a:text-is("Create an account")');
      await ann.see('input[name=email]');

      await fillRegistration(ann, { email: 'ann@', username: 'a', password: 'short', passwordConfirmation: 'other' });
      expect(await faultOf(ann, 'email')).toContain('like ann@example.org');
      expect(await faultOf(ann, 'username')).toContain('2 to 32');
      expect(await faultOf(ann, 'password')).toContain('at least 8');
      expect(await faultOf(ann, 'passwordConfirmation')).toContain('not the same');

      const email = 'ann@example.org';
      await fillRegistration(ann, { email, username: 'ann', password: 'password1', passwordConfirmation: 'password1' });
      expect(await faultOf(ann, 'password')).not.toBe('');
      await fillRegistration(ann, { email, username: 'taken', password, passwordConfirmation: password });
      expect(await faultOf(ann, 'username')).toContain('taken');
      await fillRegistration(ann, { email, username: 'ann', password, passwordConfirmation: password });

      await ann.see('.code');
      const { code } = await mailboxOf(email);
      await ann.page.locator('.code input').first().focus();
      await ann.page.keyboard.type(code === '000000' ? '111111' : '000000');
      await ann.see('.field-error');
      await until(async () => (await ann.page.locator('.code input').first().inputValue()) === '', 'the wrong code to go');
      await ann.page.locator('.code input').first().focus();
      await ann.page.keyboard.type(code!);

      await ann.see('.notice.good');
      expect(new URL(ann.page.url()).pathname).toBe('/login');
      await ann.page.fill('input[name=password]', password);
      await ann.page.press('input[name=password]', 'Enter');
      await ann.see('dialog[open]:has-text("How shall we call you")');
      await ann.page.fill('dialog input[name=firstName]', 'Ann');
      await ann.page.fill('dialog input[name=lastName]', 'Lee');
      await ann.page.click('dialog button[type=submit]');
      await ann.miss('dialog[open]');
      await ann.see('.account-name:has-text("Ann Lee")');
      await ann.page.click('.sidebar .room-line[href="/rooms/lobby"]');
      await ann.see('.composer textarea');
      await ann.write('Hello, I am new');
      await ann.hear('Hello, I am new');
      await ann.settled();
    });

    it('activates by the link, after a click, and the secret leaves the address', async () => {
      const email = 'lin@example.org';
      await stage.server.rest.post('/auth/register', { email, username: 'lin', password, passwordConfirmation: password });
      const { links } = await mailboxOf(email);
      const lin = await stage.visitor();
      await lin.page.goto(links.find((link) => link.includes('/activate'))!);
      await lin.see('.button.primary');
      expect(lin.page.url()).not.toContain('token');
      await lin.page.click('.button.primary');
      await lin.see('.notice.good');
      await lin.submitLogin('lin', password);
      await lin.page.click('dialog[open] button:text-is("Later")');
      await lin.miss('dialog[open]');
      await lin.open('/');
      await lin.see('.account-bar:not(.guest)');
      expect(await lin.page.locator('dialog[open]').count()).toBe(0);
    });
  });

  describe('in the rooms', () => {
    let cora: TestPerson, dan: TestPerson;
    beforeAll(async () => {
      [cora, dan] = [await stage.person('cora'), await stage.person('dan')];
    });

    it('two people talk, see each other, and what one says is read by the other', async () => {
      const one = await stage.member(cora);
      const two = await stage.member(dan);
      await one.enterRoom('lobby');
      await two.enterRoom('lobby');
      await until(async () => (await one.present()).includes('dan') && (await two.present()).includes('cora'), 'them to see each other');
      await one.write('Is anybody here?');
      await two.hear('Is anybody here?');
      const many = Array.from({ length: 8 }, (_, index) => `answer ${index + 1}`);
      for (const text of many) await two.write(text);
      await one.hear('answer 8');
      expect((await one.heard()).slice(-9)).toEqual(['Is anybody here?', ...many]);
      await one.settled();
      await two.settled();
      expect((await two.heard()).slice(-9)).toEqual(['Is anybody here?', ...many]);

      await two.open('/');
      await one.see('.coming-going:has-text("dan left")');
      await one.write('For later');
      await two.see('.room-line:has-text("For later") .badge');
      await until(async () => (await two.page.title()).startsWith('(1)'), 'the count in the title');
    });

    it('a private message by /pm reaches its addressee alone', async () => {
      const one = await stage.member(cora);
      const two = await stage.member(dan);
      const guest = await stage.visitor();
      await one.enterRoom('lobby');
      await two.enterRoom('lobby');
      await guest.open('/rooms/lobby');
      await guest.see('.composer-closed');

      await one.write('/pm dan between us');
      await two.see('.room-line:has-text("between us") .badge');
      await one.page.click('.toast a');
      await one.hear('between us');
      await two.page.click('.sidebar .room-line:has-text("between us")');
      await two.hear('between us');
      await two.write('understood');
      await one.hear('understood');
      await guest.open('/rooms/lobby');
      await guest.see('.message');
      expect((await guest.heard()).join()).not.toContain('between us');

      await two.enterRoom('lobby');
      await two.write('/pm nobody.at.all hello');
      await two.see('.pending.failed:has-text("nobody with that name")');
      await two.page.click('.pending .link-button:text-is("Discard")');
      await two.settled();
    });

    it('a guest reads the lobby, live, and is asked to log in before writing', async () => {
      const member = await stage.member(cora);
      const guest = await stage.visitor();
      await member.enterRoom('lobby');
      await guest.open('/');
      await guest.page.click('a:text-is("Look into the lobby first")');
      await guest.see('.composer-closed');
      await member.write('Everybody may read this');
      await guest.hear('Everybody may read this');
      await until(async () => (await member.present()).join() === 'cora', 'the member to be the only one who is listed');
      await guest.page.click('.composer-closed a.primary');
      await guest.submitLogin(dan.email, dan.password);
      await guest.see('.composer textarea');
      expect(new URL(guest.page.url()).pathname).toBe('/rooms/lobby');
    });

    it('a private room stays closed to others', async () => {
      const one = await stage.member(cora);
      await one.open('/');
      await one.page.click('.sidebar-head .icon-button');
      await one.page.click('.choice:has-text("Private")');
      await one.page.fill('dialog input[name=name]', 'den');
      await one.page.press('dialog input[name=name]', 'Enter');
      await one.see('.composer textarea');
      const two = await stage.member(dan);
      await two.open('/rooms/den');
      await two.see('.empty-title:has-text("cannot enter")');
    });

    it('long histories load upwards, every message once', async () => {
      await cora.rest.post('/rooms', { name: 'archive', kind: 'public' });
      for (let n = 1; n <= 120; n++) await cora.rest.post('/rooms/archive/messages', { content: `entry ${n}`, clientId: `e${n}` });
      const one = await stage.member(cora);
      await one.enterRoom('archive');
      await one.hear('entry 120');
      await until(async () => {
        await one.page.locator('.messages').evaluate((box) => {
          box.scrollTop = 0;
        });
        return (await one.heard()).length >= 120;
      }, 'the whole history');
      expect(await one.heard()).toEqual(Array.from({ length: 120 }, (_, index) => `entry ${index + 1}`));
    });
  });

  describe('sessions', () => {
    it('a log-out in one tab logs the other one out, and a log-in brings both back', async () => {
      const eve = await stage.person('eve');
      const first = await stage.member(eve);
      await first.open('/');
      const second = await first.tab();
      await second.enterRoom('lobby');
      await first.page.click('[aria-label="Log out"]');
      await first.see('.notice:has-text("logged out")');
      await second.see('.composer-closed');
      await second.page.click('.composer-closed a.primary');
      await second.see('.notice:has-text("another tab")');
      await second.submitLogin(eve.username, eve.password);
      await second.see('.composer textarea');
      await first.see('.account-bar:not(.guest)');
    });

    it('the devices page logs out another device, which says why', async () => {
      const finn = await stage.person('finn');
      await finn.rest.post('/auth/logout');
      const here = await stage.member(finn);
      const there = await stage.member(finn);
      await there.enterRoom('lobby');
      await here.open('/devices');
      await here.see('.devices li:has-text("This device")');
      expect(await here.page.locator('.devices li').count()).toBe(2);
      await here.page.locator('.devices li').filter({ hasNotText: 'This device' }).locator('button').click();
      await here.see('.toast');
      await there.see('.composer-closed');
      await there.page.click('.composer-closed a.primary');
      await there.see('.notice.bad:has-text("logged out")');
      expect(await here.page.locator('.devices li').count()).toBe(1);
    });

    it('a forgotten password is set anew by mail, once, and ends every session', async () => {
      const gus = await stage.person('gus');
      const elsewhere = await stage.member(gus);
      await elsewhere.enterRoom('lobby');
      const here = await stage.visitor();
      here.provoked.push(/status of 422 .*\/password-reset\/validate/, /status of 401 .*\/auth\/login/);
      await here.open('/login');
      await here.page.click('a:has-text("Forgotten")');
      await here.page.fill('input[name=email]', gus.email);
      await here.page.press('input[name=email]', 'Enter');
      await here.see('.notice.good');
      let link: string | undefined;
      await until(async () => {
        link = (await mailboxOf(gus.email)).links.find((one) => one.includes('reset-password'));
        return link !== undefined;
      }, 'the mail with the link');
      await here.page.goto(link!);
      await here.page.fill('input[name=password]', `${gus.password} anew`);
      await here.page.fill('input[name=passwordConfirmation]', `${gus.password} anew`);
      await here.page.press('input[name=passwordConfirmation]', 'Enter');
      await here.see('.notice.good');
      await elsewhere.see('.composer-closed');
      await here.submitLogin(gus.username, gus.password);
      await here.see('.notice.bad');
      await here.submitLogin(gus.username, `${gus.password} anew`);
      await here.see('.account-bar:not(.guest)');
      await here.page.goto(link!);
      await here.see('h1:has-text("does not work")');
    });
  });

  describe('by keyboard alone', () => {
    it('one logs in, enters a room, sends, reacts and comes to the settings', async () => {
      const hana = await stage.person('hana');
      const visitor = await stage.visitor();
      const { page } = visitor;
      await visitor.open('/login');
      await visitor.see('input[name=login]:focus');
      await page.keyboard.type(hana.username);
      await page.keyboard.press('Tab');
      await page.keyboard.type(hana.password);
      await page.keyboard.press('Enter');
      await visitor.see('.room-line');
      await tabTo(visitor, '.room-line[href="/rooms/lobby"]');
      await page.keyboard.press('Enter');
      await visitor.see('.composer textarea:focus');
      await page.keyboard.type('Typed without a mouse');
      await page.keyboard.press('Enter');
      await visitor.hear('Typed without a mouse');
      await visitor.settled();
      await tabTo(visitor, '.message-actions', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await visitor.see('.message-menu .emoji:focus');
      await page.keyboard.press('Enter');
      await visitor.see('.reaction.own');
      await tabTo(visitor, '.nav-settings', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await visitor.see('input[name=firstName]');

      await visitor.open('/');
      await visitor.see('.room-line');
      await page.keyboard.press('Tab');
      await visitor.see('.skip:focus');
      await tabTo(visitor, '.sidebar-head .icon-button');
      await page.keyboard.press('Enter');
      await visitor.see('dialog[open]');
      await page.keyboard.press('Escape');
      await visitor.miss('dialog[open]');
      await visitor.see('.sidebar-head .icon-button:focus');
    });
  });
});

/** Presses Tab until the focus is there. */
async function tabTo(visitor: Visitor, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if ((await visitor.page.locator(`${selector}:focus`).count()) > 0) return;
    await visitor.page.keyboard.press(key);
  }
  throw new Error(`Tab does not reach ${selector}.`);
}
