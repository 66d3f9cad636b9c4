import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { describeWithBrowser } from '../support/browser.js';
import { mailTo, type TestPerson } from '../support/people.js';
import { Stage } from './support/stage.js';
import { until, type Visitor } from './support/visitor.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = join('test', 'browser', 'screenshots');

/** What axe found, as far as it is of interest here. */
interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Colours are all that differs in the dark. */
const rules = {
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  dark: { type: 'rule', values: ['color-contrast'] },
} as const;

describeWithBrowser('every page', () => {
  const stage = new Stage({ admin: 'root' });
  let ann: TestPerson, bo: TestPerson;
  let resetLink: string, postId: string, albumId: string;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    for (const hue of [20, 200]) writeFileSync(join(folder, `landscape-${hue}.png`), await landscape(hue));
    [ann, bo] = [await stage.person('ann'), await stage.person('bo')];
    await furnish();
    await moderate();
    await stage.server.rest.post('/auth/password-reset/request', { email: bo.email });
    await until(async () => {
      const { links } = await mailTo({ anonymous: stage.server.rest }, bo.email);
      resetLink = links.find((link) => link.includes('reset-password')) ?? '';
      return resetLink !== '';
    }, 'the mail with the link');
  });

  /** Rooms with a life in them. */
  async function furnish(): Promise<void> {
    const say = async (person: TestPerson, room: string, content: string) =>
      (await person.rest.post(`/rooms/${room}/messages`, { content })).body.message as { id: string };
    for (const [name, title] of [
      ['garden', 'The garden'],
      ['books', 'Books we read'],
    ]) {
      await ann.rest.post('/rooms', { name, title, kind: 'public' });
      await bo.rest.post(`/rooms/${name}/join`);
    }
    for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
    await say(bo, 'books', 'Chapter three is the best so far.');
    const tomatoes = await say(ann, 'garden', 'The tomatoes are in. Who waters them on Saturday?');
    const saturday = await say(bo, 'garden', 'Me! And on Sunday, too, if it stays dry:\nhttps://example.org/forecast');
    await ann.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('👍')}`);
    await bo.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('👍')}`);
    await ann.rest.put(`/messages/${saturday.id}/reactions/${encodeURIComponent('🎉')}`);
    const wrong = await say(ann, 'garden', 'Thnak you');
    await ann.rest.patch(`/messages/${wrong.id}`, { content: 'Thank you' });
    const gone = await say(bo, 'garden', 'In the wrong room');
    await bo.rest.delete(`/messages/${gone.id}`);
    await bo.rest.post('/rooms/garden/messages', { content: 'They grow well, @ann, look at them!', replyTo: tomatoes.id });
    await bo.rest.post('/friends/requests', { username: 'ann' });
    await say(bo, 'garden', 'The hose is behind the shed.');
    for (let n = 1; n <= 6; n++) await say(n % 2 ? ann : bo, 'lobby', `Somebody says something, for the ${n}. time today.`);
    const { body } = await bo.rest.post('/rooms/direct', { username: 'ann' });
    await say(bo, body.room.id, 'Are you coming tonight?');
    await publish(tomatoes.id);
  }

  /** Posts, comments and an album, with pictures in them. */
  async function publish(messageId: string): Promise<void> {
    await bo.rest.patch('/users/me', { firstName: 'Bo', lastName: 'Bergman', about: 'Grows tomatoes.\nhttps://example.org/tomatoes' });
    const upload = async (person: TestPerson, path: string, hue: number) => {
      const form = new FormData();
      form.append(path === '/files' ? 'file' : 'image', new Blob([await landscape(hue)], { type: 'image/png' }), `view-${hue}.png`);
      return (await person.rest.call('POST', path, undefined, { form })).body;
    };
    const images: { id: string }[] = [];
    for (const hue of [20, 90, 150, 210, 300]) images.push(await upload(bo, '/files', hue));
    await ann.rest.post('/posts', { title: 'What we say in the garden', tags: ['garden'], sharedMessage: messageId });
    const { body } = await bo.rest.post('/posts', {
      title: 'Five views from the hill',
      content: 'It took three hours to get up there, and every one of them was worth it. @ann, next time you come along!',
      tags: ['walking', 'hills'],
      imageIds: images.map(({ id }) => id),
      link: 'https://example.org/the-hill',
      links: ['https://example.org/map'],
    });
    postId = body.post.id;
    await ann.rest.put(`/posts/${postId}/like`);
    await ann.rest.put(`/posts/${postId}/reactions/${encodeURIComponent('🎉')}`);
    const comment = await ann.rest.post(`/posts/${postId}/comments`, { content: 'I will! When do you go again?' });
    await bo.rest.post(`/posts/${postId}/comments`, { content: 'On Sunday.', parentId: comment.body.comment.id });
    await bo.rest.post(`/posts/${postId}/comments`, { content: 'The third one is my favourite.' });
    const album = await ann.rest.post('/albums', { name: 'The garden in May', theme: 'Garden', year: 2026 });
    albumId = album.body.album.id;
    for (const hue of [40, 120, 330]) await upload(ann, `/albums/${albumId}/photos`, hue);
    await upload(bo, '/users/me/avatar', 260);
    await upload(ann, '/users/me/avatar', 170);
  }

  /** A sky above a ground, as a PNG. */
  function landscape(hue: number): Promise<Buffer> {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="hsl(${hue} 60% 78%)"/><circle cx="470" cy="130" r="60" fill="hsl(${hue} 80% 92%)"/><path d="M0 360l180-150 140 110 120-70 200 130v100H0z" fill="hsl(${hue} 45% 35%)"/></svg>`;
    return sharp(Buffer.from(svg)).png().toBuffer();
  }

  /** What moderators see, and what is found. */
  async function moderate(): Promise<void> {
    const { rest } = stage.admin;
    await rest.post('/rooms/books/join');
    for (const hue of [20, 200]) {
      const png = await landscape(hue);
      const form = new FormData();
      form.append('image', new Blob([new Uint8Array(png)], { type: 'image/png' }), `landscape ${hue}.png`);
      await ann.rest.post('/rooms/books/messages', undefined, { form });
    }
    const list = (await ann.rest.get('/rooms/garden/messages')).body.items as { id: string; content: string; author: { id: string } }[];
    const hose = list.find(({ content }) => content.includes('hose'))!;
    await ann.rest.post('/reports', { kind: 'message', id: hose.id, reason: 'That hose is mine, and this is the third time.' });
    await ann.rest.post('/reports', { kind: 'person', id: bo.id, reason: 'Writes to me again and again.' });
    await rest.post(`/admin/users/${bo.id}/sanctions`, { kind: 'warn', reason: 'Please be kind to the neighbours' });
    await rest.post(`/admin/users/${bo.id}/sanctions`, {
      kind: 'mute',
      reason: 'Did not stop',
      endsAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await ann.rest.post('/posts', { title: 'Tomatoes for beginners', content: 'Plant them deep.' });
    await until(async () => (await rest.get('/search?q=beginners')).body.items.length > 0, 'the index');
  }

  const asGuest: Record<string, (visitor: Visitor) => Promise<void>> = {
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
  };

  const asMember: Record<string, (visitor: Visitor) => Promise<void>> = {
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
    'room-settings': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.page.click('[aria-label="Room settings"]');
      await visitor.see('.members li');
    },
    'room-reply': async (visitor) => {
      await visitor.enterRoom('garden');
      await visitor.see('.quote:has-text("tomatoes")');
      await visitor.page.fill('.composer textarea', 'Who is free, @');
      await visitor.page.press('.composer textarea', 'End');
      await visitor.page.keyboard.type('b');
      await visitor.see('.completion');
    },
    feed: async (visitor) => {
      await visitor.open('/feed');
      await visitor.see('.post:has-text("Five views") img');
      await visitor.see('.tag-row .tag');
    },
    post: async (visitor) => {
      await visitor.open(`/posts/${postId}`);
      await visitor.page.click('.answers-button');
      await visitor.see('.answers .comment');
    },
    'post-editor': async (visitor) => {
      await visitor.open('/posts/new');
      await visitor.page.fill('input[name=title]', 'A day in the hills');
      await visitor.page.fill('input[name=tag]', 'hiking,');
      await visitor.see('.tag.chosen');
      await visitor.page.setInputFiles(
        'input[name=pictures]',
        [20, 200].map((hue) => `${folder}/landscape-${hue}.png`),
      );
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
      await visitor.open(`/albums/${albumId}`);
      await visitor.see('.photos img');
    },
    friends: async (visitor) => {
      await visitor.open('/friends');
      await visitor.page.click('[role=tab]:has-text("Requests")');
      await visitor.see('.person-row');
    },
    notifications: async (visitor) => {
      await visitor.open('/notifications');
      await visitor.see('.notice-rows li');
    },
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
  };

  const asAdmin: Record<string, (visitor: Visitor) => Promise<void>> = {
    'admin-reports': async (visitor) => {
      await visitor.open('/admin');
      await visitor.see('.case');
    },
    'admin-person': async (visitor) => {
      await visitor.open(`/admin/people/${bo.id}`);
      await visitor.see('.person-row');
    },
    'admin-invitations': async (visitor) => {
      await visitor.open('/admin/invitations');
      await visitor.see('.lead');
      await visitor.page.click('button:text-is("Make a link")');
      await visitor.see('.members li');
    },
    'search-page': async (visitor) => {
      await visitor.open('/search?q=tomat');
      await visitor.see('.hit mark');
    },
    'room-media': async (visitor) => {
      await visitor.enterRoom('books');
      await visitor.page.click('[aria-label="Room settings"]');
      await visitor.page.click('dialog [role=tab]:has-text("Media")');
      await visitor.see('.media-grid img');
    },
  };

  const sizes = [
    { width: 390, height: 844 },
    { width: 1280, height: 800 },
  ];

  /** A picture in light and dark, what axe says of both, and whether the page is wider than the window. */
  async function inspect(visitor: Visitor, name: string, width: number): Promise<string[]> {
    const findings: string[] = [];
    const { page } = visitor;
    await page.evaluate(`${axe};0`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      const violations = await page.evaluate<Violation[]>(
        `axe.run(document, { runOnly: ${JSON.stringify(rules[colorScheme])}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
      );
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        findings.push(
          `${name} ${width} ${colorScheme}: ${impact} ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`).join('\n')}`,
        );
      }
    }
    if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
      findings.push(`${name} ${width}: wider than the window`);
    return findings;
  }

  it('for guests has no serious fault for people with a screen reader, a keyboard or weak eyes', async () => {
    const findings: string[] = [];
    const visitor = await stage.visitor();
    visitor.provoked.push(/status of 4(01|22)/);
    for (const [name, show] of Object.entries(asGuest)) {
      await show(visitor);
      for (const size of sizes) {
        await visitor.page.setViewportSize(size);
        findings.push(...(await inspect(visitor, name, size.width)));
      }
    }
    expect(findings).toEqual([]);
  });

  for (const size of sizes) {
    it(`for members has none either, at ${size.width} px`, async () => {
      const findings: string[] = [];
      const visitor = await stage.member(ann, { viewport: size });
      visitor.provoked.push(/status of 404/);
      for (const [name, show] of Object.entries(asMember)) {
        await show(visitor);
        findings.push(...(await inspect(visitor, name, size.width)));
      }
      const admin = await stage.member(stage.admin, { viewport: size });
      for (const [name, show] of Object.entries(asAdmin)) {
        await show(admin);
        findings.push(...(await inspect(admin, name, size.width)));
      }
      expect(findings).toEqual([]);
    });
  }
});
