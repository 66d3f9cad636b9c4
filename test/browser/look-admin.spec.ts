import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { inspectAll, isTooWide, type Scene, screenshots, sizes } from './support/inspection.js';
import { furnish, type Scenery } from './support/scenery.js';
import { Stage } from './support/stage.js';

describeWithBrowser('every page, also of moderators and in other languages', () => {
  const stage = new Stage({ admin: 'root' });
  let place: Scenery;

  beforeAll(async () => {
    place = await furnish(stage);
  });

  const administration: Record<string, Scene> = {
    'admin-reports': async (visitor) => {
      await visitor.open('/admin');
      await visitor.see('.case');
    },
    'admin-person': async (visitor) => {
      await visitor.open(`/admin/people/${place.bo.id}`);
      await visitor.see('.person-row');
    },
    'admin-invitations': async (visitor) => {
      await visitor.open('/admin/invitations');
      await visitor.see('.lead');
      await visitor.page.click('button:text-is("Make a link")');
      await visitor.see('.members li');
    },
    'admin-people': async (visitor) => {
      await visitor.open('/admin/people');
      await visitor.see('[role=tabpanel] :is(.person-row, .thing)');
    },
    'admin-rooms': async (visitor) => {
      await visitor.open('/admin/rooms');
      await visitor.see('[role=tabpanel] :is(.thing)');
    },
    'admin-messages': async (visitor) => {
      await visitor.open('/admin/messages');
      await visitor.see('[role=tabpanel] :is(.thing)');
    },
    'admin-posts': async (visitor) => {
      await visitor.open('/admin/posts');
      await visitor.see('[role=tabpanel] :is(.thing)');
    },
    'admin-announcements': async (visitor) => {
      await visitor.open('/admin/announcements');
      await visitor.see('[role=tabpanel] :is(textarea)');
    },
    'admin-audit': async (visitor) => {
      await visitor.open('/admin/audit');
      await visitor.see('[role=tabpanel] :is(.thing)');
    },
    'admin-decide': async (visitor) => {
      await visitor.open('/admin');
      await visitor.page.click('.case button:text-is("Decide") >> nth=0');
      await visitor.see('dialog select');
    },
    'admin-remove': async (visitor) => {
      await visitor.open('/admin/messages');
      await visitor.page.locator('.thing button').first().click();
      await visitor.see('dialog textarea');
    },
  };

  for (const { width, height } of sizes) {
    it(`of the administration has no serious fault for people with a screen reader, a keyboard or weak eyes, at ${width} px`, async () => {
      const visitor = await stage.member(stage.admin, { viewport: { width, height }, serviceWorkers: 'block' });
      expect(await inspectAll(visitor, administration, width)).toEqual([]);
    });
  }

  /** What each of these addresses shows once it is there. */
  const addresses: Readonly<Record<string, string>> = {
    '/': '.room-line',
    '/rooms/garden': '.message',
    '/feed': '.post img',
    '/posts/new': 'input[name=title]',
    '/people/bo': '.post',
    '/friends': '.empty-title, .person-row',
    '/notifications': '.toolbar, .empty-title',
    '/settings': 'input[name=firstName]',
    '/settings/account': 'input[name=currentPassword]',
    '/settings/notifications': '.preference-table',
    '/settings/privacy': '.part form',
    '/search?q=tomat': '.hit mark',
    '/admin': '.case',
    '/admin/people': '.person-row, .thing',
    '/admin/invitations': '.filters',
    '/admin/audit': '.thing',
  };

  for (const language of ['uk', 'ru'] as const) {
    it(`fits a phone in ${language}, with no English left on its buttons`, async () => {
      const visitor = await stage.member(stage.admin, { viewport: sizes[0]!, serviceWorkers: 'block' });
      await visitor.page.addInitScript(`localStorage.setItem('parley-language', '${language}')`);
      const findings: string[] = [];
      for (const [address, sign] of Object.entries(addresses)) {
        await visitor.open(address);
        await visitor.see(sign);
        if (await isTooWide(visitor.page)) findings.push(`${address}: wider than the window`);
        await visitor.page.screenshot({ path: `${screenshots}/${language}${address.replace(/\W+/g, '-')}.png`, fullPage: true });
        const english = await visitor.page.evaluate<string[]>(
          `[...document.querySelectorAll('button:not(.tag), label, h2:not(.post *), legend, th, [role=tab]')].map(({ innerText }) => innerText.trim()).filter((text) => /^[A-Za-z][a-z]+( [a-z]+)*$/.test(text))`,
        );
        findings.push(...english.map((text) => `${address}: "${text}"`));
      }
      expect(findings).toEqual([]);
    });
  }

  it('stands the other way round for languages that are written from right to left', async () => {
    const findings: string[] = [];
    for (const { width, height } of sizes) {
      const visitor = await stage.member(place.ann, { viewport: { width, height }, serviceWorkers: 'block' });
      for (const address of ['/rooms/garden', '/feed', '/settings/privacy'] as const) {
        await visitor.open(address);
        await visitor.see(addresses[address]!);
        await visitor.page.evaluate("document.documentElement.dir = 'rtl'");
        if (await isTooWide(visitor.page)) findings.push(`${address} ${width}: wider than the window`);
        await visitor.page.screenshot({ path: `${screenshots}/rtl${address.replace(/\W+/g, '-')}-${width}.png` });
        // What stands at the beginning of a line stands right now.
        if (width > 1000) {
          const left = await visitor.page.evaluate<number>("document.querySelector('.main-nav').getBoundingClientRect().left");
          expect(left).toBeGreaterThan(width / 2);
        }
      }
    }
    expect(findings).toEqual([]);
  });
});
