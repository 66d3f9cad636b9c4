import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo } from '../support/people.js';
import { attacks, isHarmless } from './support/attacks.js';
import { newBusiness } from './support/scenery.js';
import { Stage } from './support/stage.js';

describeWithBrowser('accounts of a business', () => {
  const stage = new Stage();
  const password = 'correct horse battery staple';

  it('register as a startup, tell of themselves with faults beside their fields, and others read it on their page', async () => {
    const one = await stage.visitor();
    one.provoked.push(/status of 422/);
    await one.open('/register');
    for (const [name, value] of Object.entries({
      email: 'sprout@example.org',
      username: 'sprout',
      password,
      passwordConfirmation: password,
    })) {
      await one.page.fill(`input[name=${name}]`, value);
    }
    await one.page.check('label:has-text("A startup") input');
    await one.page.click('button[type=submit]');
    await one.see('.code');
    const { code } = await mailTo({ anonymous: stage.server.rest }, 'sprout@example.org');
    await one.page.locator('.code input').first().focus();
    await one.page.keyboard.type(code!);
    await one.see('.notice.good');
    await one.submitLogin('sprout', password);
    await one.page.click('dialog button:text-is("Later")');
    await one.miss('dialog');

    await one.open('/settings');
    await one.see('h2:text-is("Your startup")');
    await one.page.fill('input[name=companyName]', `Sprout ${attacks[0]}`);
    await one.page.fill('textarea[name=pitch]', 'Seeds that water themselves.');
    await one.page.fill('input[name=website]', 'no address');
    await one.page.check('label:has-text("Prototype") input');
    await one.page
      .locator('form', { has: one.page.locator('input[name=website]') })
      .locator('button[type=submit]')
      .click();
    await one.see('.field.wrong input[name=website]');
    await one.page.fill('input[name=website]', 'sprout.example.org');
    await one.page.press('input[name=website]', 'Enter');
    await one.see('.toast:has-text("Saved")');
    await one.page.reload();
    await one.see('input[name=companyName]');
    expect(await one.page.inputValue('input[name=companyName]')).toBe(`Sprout ${attacks[0]}`);
    expect(await one.page.isChecked('label:has-text("Prototype") input')).toBe(true);

    const two = await stage.member(await stage.person('reader'));
    await two.open('/people/sprout');
    await two.see('.person-facts:has-text("Startup")');
    await two.see('.facts:has-text("Seeds that water themselves.")');
    await two.see('.facts:has-text("Prototype")');
    await two.see('.facts a[href^="https://sprout.example.org"]');
    await isHarmless(two);
  });

  it('say as investors what they look for; amounts in the wrong order are told, and nothing of them is lost', async () => {
    const harvest = await newBusiness(stage, 'harvest', 'investor');
    const one = await stage.member(harvest);
    await one.open('/settings');
    await one.see('h2:text-is("You as an investor")');
    await one.page.fill('input[name=organization]', 'Harvest Fund');
    await one.page.fill('input[name=interests]', 'gardens, , water ,bees');
    await one.page.fill('input[name=ticketMin]', '250 000');
    await one.page.fill('input[name=ticketMax]', '10,000');
    await one.page.press('input[name=ticketMax]', 'Enter');
    await one.see('.field.wrong input[name=ticketMax]');
    expect(await one.page.inputValue('input[name=interests]')).toBe('gardens, , water ,bees');
    await one.page.fill('input[name=ticketMin]', '5000');
    await one.page.press('input[name=ticketMin]', 'Enter');
    await one.see('.toast:has-text("Saved")');
    expect((await harvest.rest.get('/users/me')).body.investor).toMatchObject({
      organization: 'Harvest Fund',
      interests: ['gardens', 'water', 'bees'],
      ticketMin: 5000,
      ticketMax: 10000,
    });
    await one.open('/people/harvest');
    await one.see('.facts:has-text("$5,000 to $10,000")');
    await one.see('.facts:has-text("gardens, water, bees")');
  });

  it('do not stand in the settings of a person', async () => {
    const one = await stage.member(await stage.person('somebody'));
    await one.open('/settings');
    await one.see('input[name=firstName]');
    expect(await one.page.locator('input[name=website]').count()).toBe(0);
  });
});
