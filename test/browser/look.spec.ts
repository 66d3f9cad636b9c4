import { beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo, newPerson } from '../support/people.js';
import { inspect, inspectAll, type Scene, sizes } from './support/inspection.js';
import { furnish, type Scenery } from './support/scenery.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

describeWithBrowser('every page where one gets in and talks', () => {
  const stage = new Stage({ admin: 'root' });
  let place: Scenery, resetLink: string, invitation: string;

  beforeAll(async () => {
    place = await furnish(stage);
    const made = await place.ann.rest.post('/rooms/garden/invitations', { expiresIn: 86_400, maxUses: null });
    invitation = made.body.invitation.url;
    await stage.server.rest.post('/auth/password-reset/request', { email: place.bo.email });
    await until(async () => {
      const { links } = await mailTo({ anonymous: stage.server.rest }, place.bo.email);
      resetLink = links.find((link) => link.includes('reset-password')) ?? '';
      return resetLink !== '';
    }, 'the mail with the link');
  });

  const asGuest: Record<string, Scene> = {
    welcome: async (visitor) => {
      await visitor.open('/');
      await visitor.see('.welcome');
    },
    login: async (visitor) => {
      await visitor.open('/login');
      await visitor.submitLogin('ann', 'not the password');
      await visitor.see('.notice.bad');
    },
    register: async (visitor) => {
      await visitor.open('/register');
      for (const [name, value] of Object.entries({
        email: 'ann@',
        username: 'zoe',
        password: 'Tulips on 4th',
        passwordConfirmation: 'x',
      })) {
        await visitor.page.fill(`input[name=${name}]`, value);
      }
      await visitor.page.press('input[name=passwordConfirmation]', 'Tab');
      await visitor.see('.field-error');
    },
    activate: async (visitor) => {
      await visitor.open('/activate');
      await visitor.page.locator('.code input').first().pressSequentially('123');
    },
    'activate-link': async (visitor) => {
      await visitor.open('/activate?token=none');
      await visitor.see('.button.primary');
    },
    forgot: async (visitor) => {
      await visitor.open('/forgot');
      await visitor.page.fill('input[name=email]', 'nobody@example.org');
      await visitor.page.press('input[name=email]', 'Enter');
      await visitor.see('.notice.good');
    },
    'reset-password': async (visitor) => {
      await visitor.page.goto(resetLink);
      await visitor.page.fill('input[name=password]', 'parley12');
    },
    'reset-password-bad': async (visitor) => {
      await visitor.open('/reset-password?token=none');
      await visitor.see('a.button.primary');
    },
    'guest-lobby': async (visitor) => {
      await visitor.open('/rooms/lobby');
      await visitor.see('.message');
    },
    'not-found': async (visitor) => {
      await visitor.open('/somewhere');
      await visitor.see('.card');
    },
    'confirm-email': async (visitor) => {
      await visitor.open('/confirm-email?token=none');
      await visitor.see('.card');
    },
    invitation: async (visitor) => {
      await visitor.open(new URL(invitation).pathname);
      await visitor.see('a.button.primary');
    },
  };

  const inRooms: Record<string, Scene> = {
    rooms: async (visitor) => {
      await visitor.open('/');
      await visitor.see('.room-line');
    },
    search: async (visitor) => {
      await visitor.open('/');
      await visitor.see('.room-line');
      await visitor.page.fill('.search input', 'gar');
      await visitor.see('.enter-room');
    },
    create: async (visitor) => {
      await visitor.open('/');
      await visitor.page.click('.sidebar-head .icon-button');
      await visitor.see('dialog[open]');
    },
    room: async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.hear('The hose is behind the shed.');
    },
    'room-menu': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.hear('The hose is behind the shed.');
      await visitor.page.locator('.message', { hasText: 'waters them' }).first().locator('.message-actions').focus();
      await visitor.page.keyboard.press('Enter');
      await visitor.see('.message-menu');
    },
    'room-editing': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.hear('Thank you');
      await visitor.page.press('.composer textarea', 'ArrowUp');
      await visitor.see('.message.editing');
    },
    'room-private': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.hear('Thank you');
      await visitor.page.fill('.composer textarea', '/pm bo see you at eight');
    },
    'room-failed': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.write('/pm nobody.there hello');
      await visitor.see('.pending.failed');
    },
    'room-people': async (visitor) => {
      await visitor.enterRoom('garden');
      if ((await visitor.page.locator('.people').count()) === 0) await visitor.page.click('[aria-controls=people]');
      await visitor.see('.people .person');
    },
    'room-empty': async (visitor) => {
      await visitor.enterRoom('nothing-yet');
      await visitor.see('.empty');
    },
    'room-refused': async (visitor) => {
      await visitor.open('/rooms/00000000-0000-7000-8000-000000000000');
      await visitor.see('.empty-title');
    },
    conversation: async (visitor) => {
      await visitor.open('/');
      await visitor.page.click('.sidebar .room-line:has-text("tonight")');
      await visitor.see('.message');
    },
    'room-reply': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.see('.quote:has-text("tomatoes")');
      await visitor.page.fill('.composer textarea', 'Who is free, @');
      await visitor.page.press('.composer textarea', 'End');
      await visitor.page.keyboard.type('b');
      await visitor.see('.completion');
    },
  };

  const aroundRooms: Record<string, Scene> = {
    'room-settings': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.page.click('[aria-label="Room settings"]');
      await visitor.see('.members li');
    },
    'room-about': async (visitor) => {
      await openSettings(visitor, 'garden', 'Name and rules');
      await visitor.see('input[name=room-picture]');
    },
    'room-invitations': async (visitor) => {
      await openSettings(visitor, 'garden', 'Invitations');
      await visitor.page.click('dialog button:text-is("Make a link")');
      await visitor.see('.link-line input');
      await visitor.see('.members li');
    },
    'room-notifications': async (visitor) => {
      await openSettings(visitor, 'garden', 'For you');
      await visitor.see('dialog [role=tabpanel] input, dialog [role=tabpanel] select');
    },
    'room-media': async (visitor) => {
      await openSettings(visitor, 'books', 'Media');
      await visitor.see('.media-grid img');
    },
    'room-no-media': async (visitor) => {
      await openSettings(visitor, 'nothing-yet', 'Media');
      await visitor.see('dialog .empty-title');
    },
    'media-view': async (visitor) => {
      await visitor.enterRoom('books');
      await visitor.page.locator('.message .picture').first().click();
      await visitor.see('.lightbox[open] img');
    },
    'emoji-picker': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.page.locator('.message', { hasText: 'Me! And on Sunday' }).locator('.message-actions').focus();
      await visitor.page.keyboard.press('Enter');
      await visitor.page.click('[aria-label="More emojis"]');
      await visitor.see('.emoji-popover button');
    },
    help: async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.write('/help');
      await visitor.see('dialog[open]');
    },
    report: async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.page.locator('.message', { hasText: 'Me! And on Sunday' }).locator('.message-actions').focus();
      await visitor.page.keyboard.press('Enter');
      await visitor.page.click('[role=menuitem]:has-text("Report")');
      await visitor.see('dialog .reported');
    },
    block: async (visitor) => {
      await visitor.open('/people/bo');
      await visitor.page.click('.person-actions [aria-label^="Block"]');
      await visitor.see('dialog .button.danger');
    },
  };

  async function openSettings(visitor: Visitor, room: string, tab: string): Promise<void> {
    await visitor.enterRoom(room);
    await visitor.page.click('[aria-label="Room settings"]');
    await visitor.page.click(`dialog [role=tab]:has-text("${tab}")`);
  }

  for (const { width, height } of sizes) {
    const viewport = { width, height };
    // The worker keeps files for a page without a network, which does not show on the others.
    const screen = { viewport, serviceWorkers: 'block' } as const;
    it(`for guests has no serious fault for people with a screen reader, a keyboard or weak eyes, at ${width} px`, async () => {
      const visitor = await stage.visitor(screen);
      visitor.provoked.push(/status of 4(01|22)/);
      expect(await inspectAll(visitor, asGuest, width)).toEqual([]);
    });

    it(`rooms have none either, at ${width} px`, async () => {
      const visitor = await stage.member(place.ann, screen);
      visitor.provoked.push(/status of 404/);
      expect(await inspectAll(visitor, inRooms, width)).toEqual([]);
    });

    it(`nor what opens over them, at ${width} px`, async () => {
      const visitor = await stage.member(place.ann, screen);
      expect(await inspectAll(visitor, aroundRooms, width)).toEqual([]);
    });

    it(`nor a first visit, at ${width} px`, async () => {
      const visitor = await stage.member(await newPerson({ anonymous: stage.server.rest }, `new.here.${width}`), screen);
      await visitor.open('/');
      await visitor.see('dialog[open] input[name=firstName]');
      const findings = await inspect(visitor, 'first-visit', width);
      await visitor.page.click('dialog button:text-is("Later")');
      await visitor.miss('dialog');
      findings.push(...(await inspect(visitor, 'home-new', width)));
      expect(findings).toEqual([]);
    });

    it(`nor the page that is there without a network, at ${width} px`, async () => {
      const visitor = await stage.member(place.ann, { viewport });
      visitor.provoked.push(/net::ERR_/, /WebSocket connection to .* failed/);
      await visitor.enterRoom('garden');
      await visitor.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      await visitor.enterRoom('garden');
      await visitor.context.setOffline(true);
      await visitor.see('.banner.gone');
      const findings = await inspect(visitor, 'cut-off', width);
      await visitor.open('/rooms/garden');
      await visitor.see('h1:has-text("cannot be reached")');
      findings.push(...(await inspect(visitor, 'offline', width)));
      expect(findings).toEqual([]);
    });
  }
});
