import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo, type TestPerson } from '../support/people.js';
import { readZip } from '../support/read-zip.js';
import { Stage } from './support/stage.js';
import { until } from './support/visitor.js';

const day = 86_400_000;

describeWithBrowser('what is kept of a person', () => {
  const stage = new Stage();
  let ann: TestPerson;

  beforeAll(async () => {
    ann = await stage.person('ann');
    await ann.rest.post('/rooms/lobby/join');
    await ann.rest.post('/rooms/lobby/messages', { content: 'Whatever I said, here it is' });
  });

  it('comes as an archive: asked for by a click, told when it is ready, downloaded, and deleted again', async () => {
    const visitor = await stage.member(ann);
    await visitor.open('/settings');
    await visitor.page.click('[role=tab]:has-text("Privacy")');
    await visitor.page.click('button:text-is("Prepare my data")');
    await visitor.see('.notice.good:has-text("Your archive is ready")');
    const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.page.click('button:text-is("Download")')]);
    expect(download.suggestedFilename()).toMatch(/^parley-\d{4}-\d\d-\d\d\.zip$/);
    const files = readZip(readFileSync(await download.path()));
    expect([...files.values()].some((content) => content.includes('Whatever I said, here it is'))).toBe(true);
    // Another tab shows the same, and what is done in one is seen in the other.
    const other = await visitor.tab();
    await other.open('/settings/privacy');
    await other.see('.notice.good:has-text("Your archive is ready")');
    await visitor.page.click('button:text-is("Delete the archive")');
    await other.see('button:text-is("Prepare my data")');
  });

  it('is given up with the password alone; other devices are out at once, and for fourteen days one may change one’s mind', async () => {
    const here = await stage.member(ann);
    const there = await stage.member(ann);
    for (const visitor of [here, there]) visitor.provoked.push(/status of 40[13]/);
    await there.enterRoom('lobby');
    await here.open('/settings/privacy');
    await here.page.fill('input[name=password]', 'not my password');
    await here.page.click('button:text-is("Delete my account")');
    await here.page.click('dialog button:text-is("Cancel")');
    await here.miss('dialog');
    expect((await ann.rest.get('/users/me/deletion')).body.deletion).toBeNull();
    await here.page.click('button:text-is("Delete my account")');
    await here.page.click('dialog .button.danger');
    await here.see('.field-error:has-text("not your password")');

    await here.page.fill('input[name=password]', ann.password);
    await here.page.check('input[name=messages][value=erase]');
    await here.page.click('button:text-is("Delete my account")');
    await here.see('dialog:has-text("is erased, too")');
    await here.page.click('dialog .button.danger');
    await here.see('.notice.bad:has-text("Your account will be erased on")');
    await there.see('.account-bar.guest, input[name=login]');
    const when = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' }).format(Date.now() + 14 * day);
    expect(await here.page.textContent('.notice.bad')).toContain(when);
    await until(async () => /delet/i.test((await mailTo({ anonymous: stage.server.rest }, ann.email)).subject), 'the mail about it');

    await here.page.click('button:text-is("Keep my account")');
    await here.see('.toast:has-text("Your account stays")');
    await here.see('input[name=password]');
  });

  it('is kept when its owner logs in again, which an open page shows at once', async () => {
    const bo = await stage.person('bo');
    const here = await stage.member(bo);
    await here.open('/settings/privacy');
    await here.page.fill('input[name=password]', bo.password);
    await here.page.click('button:text-is("Delete my account")');
    await here.page.click('dialog .button.danger');
    await here.see('button:text-is("Keep my account")');
    await here.page.reload();
    await here.see('button:text-is("Keep my account")');
    await stage.member(bo);
    await here.see('button:text-is("Delete my account")');
  });
});
