import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import type { TestPerson } from '../support/people.js';
import { inspect, inspectAll, type Scene, sizes } from './support/inspection.js';
import { furnish, newBusiness, type Scenery } from './support/scenery.js';
import { Stage } from './support/stage.js';

describeWithBrowser('every page of the community', () => {
  const stage = new Stage({ admin: 'root' });
  let place: Scenery, sprout: TestPerson, harvest: TestPerson;

  beforeAll(async () => {
    place = await furnish(stage);
    sprout = await newBusiness(stage, 'sprout', 'startup');
    await sprout.rest.patch('/users/me', {
      startup: {
        companyName: 'Sprout & Sons',
        industry: 'Gardening',
        stage: 'prototype',
        pitch: 'Seeds that water themselves.',
        website: 'https://sprout.example.org',
      },
    });
    harvest = await newBusiness(stage, 'harvest', 'investor');
    await harvest.rest.patch('/users/me', {
      investor: {
        organization: 'Harvest Fund',
        interests: ['gardening', 'water'],
        ticketMin: 10_000,
        ticketMax: 250_000,
        website: 'https://harvest.example.org',
      },
    });
  });

  const community: Record<string, Scene> = {
    feed: async (visitor) => {
      await visitor.open('/feed');
      await visitor.see('.post:has-text("Five views") img');
      await visitor.see('.tag-row .tag');
    },
    post: async (visitor) => {
      await visitor.open(`/posts/${place.postId}`);
      await visitor.page.click('.answers-button');
      await visitor.see('.answers .comment');
    },
    'post-editor': async (visitor) => {
      await visitor.open('/posts/new');
      await visitor.page.fill('input[name=title]', 'A day in the hills');
      await visitor.page.fill('input[name=tag]', 'hiking,');
      await visitor.see('.tag.chosen');
      await visitor.page.setInputFiles('input[name=pictures]', place.pictures);
      await visitor.miss('.picture-strip progress');
    },
    person: async (visitor) => {
      await visitor.open('/people/bo');
      await visitor.see('.person-head');
      await visitor.see('.post img');
    },
    'person-own': async (visitor) => {
      await visitor.open('/people/ann/albums');
      await visitor.see('.album img');
    },
    album: async (visitor) => {
      await visitor.open(`/albums/${place.albumId}`);
      await visitor.see('.photos img');
    },
    friends: async (visitor) => {
      await visitor.open('/friends');
      await visitor.see('.empty-title');
    },
    notifications: async (visitor) => {
      await visitor.open('/notifications');
      await visitor.see('.notice-rows li');
    },
    'friends-requests': async (visitor) => {
      await visitor.open('/friends');
      await visitor.page.click('[role=tab]:has-text("Requests")');
      await visitor.see('.person-row');
    },
    'friends-suggestions': async (visitor) => {
      await visitor.open('/friends');
      await visitor.page.click('[role=tab]:has-text("Suggestions")');
      await visitor.see('[role=tabpanel] .empty-title, [role=tabpanel] .person-row');
    },
    'feed-tag': async (visitor) => {
      await visitor.open('/feed?tag=walking');
      await visitor.see('.post');
    },
    'feed-empty': async (visitor) => {
      await visitor.open('/feed?tag=nothing');
      await visitor.see('.empty-title');
    },
    'post-gone': async (visitor) => {
      await visitor.open('/posts/00000000-0000-7000-8000-000000000000');
      await visitor.see('.empty-title, .notice.bad');
    },
    'album-new': async (visitor) => {
      await visitor.open('/people/ann/albums');
      await visitor.page.click('button:has-text("Make an album")');
      await visitor.page.fill('dialog input[name=year]', '17');
      await visitor.page.press('dialog input[name=year]', 'Enter');
      await visitor.see('dialog .field-error');
    },
    'person-startup': async (visitor) => {
      await visitor.open('/people/sprout');
      await visitor.see('.facts');
    },
    'person-investor': async (visitor) => {
      await visitor.open('/people/harvest');
      await visitor.see('.facts');
    },
  };

  const settings: Record<string, Scene> = {
    settings: async (visitor) => {
      await visitor.open('/settings');
      await visitor.see('input[name=firstName]');
    },
    'settings-account': async (visitor) => {
      await visitor.open('/settings/account');
      await visitor.see('input[name=currentPassword]');
    },
    'settings-notifications': async (visitor) => {
      await visitor.open('/settings/notifications');
      await visitor.see('.preference-table');
    },
    devices: async (visitor) => {
      await visitor.open('/devices');
      await visitor.see('.devices li');
    },
    'settings-blocked': async (visitor) => {
      await visitor.open('/settings/blocked');
      await visitor.see('.empty-title, .person-row');
    },
    'settings-devices': async (visitor) => {
      await visitor.open('/settings/devices');
      await visitor.see('.devices li');
    },
    'settings-privacy': async (visitor) => {
      await visitor.open('/settings/privacy');
      await visitor.see('button:text-is("Delete my account")');
      await visitor.see('button:text-is("Prepare my data"), button:text-is("Download")');
    },
    'settings-archive': async (visitor) => {
      await visitor.open('/settings/privacy');
      await visitor.page.click('button:text-is("Prepare my data"), button:text-is("Prepare anew")');
      await visitor.see('button:text-is("Download")');
    },
    'settings-delete': async (visitor) => {
      await visitor.open('/settings/privacy');
      await visitor.page.fill('input[name=password]', 'x');
      await visitor.page.click('button:text-is("Delete my account")');
      await visitor.see('dialog .button.danger');
    },
    'search-page': async (visitor) => {
      await visitor.open('/search?q=tomat');
      await visitor.see('.hit mark');
    },
    'search-empty': async (visitor) => {
      await visitor.open('/search?q=qqqq');
      await visitor.see('.empty-title');
    },
  };

  for (const { width, height } of sizes) {
    const screen = { viewport: { width, height }, serviceWorkers: 'block' } as const;
    it(`has no serious fault for people with a screen reader, a keyboard or weak eyes, at ${width} px`, async () => {
      const visitor = await stage.member(place.ann, screen);
      visitor.provoked.push(/status of 404/);
      expect(await inspectAll(visitor, community, width)).toEqual([]);
    });

    it(`settings and search have none either, at ${width} px`, async () => {
      const visitor = await stage.member(place.ann, screen);
      expect(await inspectAll(visitor, settings, width)).toEqual([]);
    });

    it(`nor what a startup and an investor tell of themselves, at ${width} px`, async () => {
      const findings: string[] = [];
      for (const person of [sprout, harvest]) {
        const visitor = await stage.member(person, screen);
        await visitor.open('/settings');
        await visitor.see('input[name=website]');
        findings.push(...(await inspect(visitor, `settings-${person.username}`, width)));
      }
      expect(findings).toEqual([]);
    });
  }
});
