import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import type { Notification } from '../../../src/contracts/index.js';
import { NotificationDigest } from '../../../src/modules/notifications/digest.js';
import { NotificationHousekeeping } from '../../../src/modules/notifications/notification-housekeeping.js';
import { listQuery } from '../../../src/modules/notifications/notifications.repository.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('unread notifications of people who are away', () => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let room: string;
  const start = Date.now();
  /** The digest's clock stands that many ms after the start. */
  const digest = async (after: number) => app.app.get(NotificationDigest).run(new Date(start + after));
  const say = async (content: string) => ann.rest.post(`/rooms/${room}/messages`, { content });
  const mailsTo = async (person: TestPerson) =>
    ((await app.anonymous.get(`!/dev/mail.json?to=${person.email}`)).body as { subject: string }[]).filter(({ subject }) =>
      /notification/.test(subject),
    );
  const told = async () => {
    while ((await app.dataSource.query('SELECT 1 FROM mentions WHERE NOT notified')).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };

  beforeAll(async () => {
    app = await startApp();
    [ann, bob] = [await newPerson(app, 'ann'), await newPerson(app, 'bob')];
    room = (await ann.rest.post('/rooms', { name: 'talk', title: 'Café <b>', kind: 'private', members: ['bob'] })).body.room.id;
    await bob.rest.post('/notifications/read', { all: true });
  });
  afterAll(async () => app.close());

  it('are gathered in one mail: not while they are here, not twice, not every hour, not in quiet hours', async () => {
    for (let n = 0; n < 12; n++) await say(`@bob ${n}`);
    await ann.rest.post('/friends/requests', { username: 'bob' });
    await told();
    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    expect(await digest(hour)).toBe(0);
    await client.close();
    // The server hears of the end a moment later; the round notes that he was here until then.
    while ((await digest(hour)) > 0 || !(await seenAt())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await digest(hour + 20 * minute)).toBe(0);
    await bob.rest.patch('/notifications/preferences', { quietHours: quietAround(start + 2 * hour) });
    expect(await digest(2 * hour)).toBe(0);
    await bob.rest.patch('/notifications/preferences', { quietHours: null });
    expect(await digest(2 * hour)).toBe(1);
    expect(await digest(2 * hour + minute)).toBe(0);
    const mail = await mailTo(app, bob.email);
    expect(mail.subject).toBe('You have 2 unread notifications on Parley');
    expect(mail.text).toContain('- ann would like to be your friend\n- ann mentioned you in Café <b> (12 times)');
    expect(mail.html).toContain('Café &lt;b&gt;');
    expect(await mailsTo(bob)).toHaveLength(1);

    await say('@bob one more');
    await told();
    expect(await digest(4 * hour)).toBe(0);
    expect(await digest(7 * hour)).toBe(1);
    expect(await digest(30 * hour)).toBe(0);
    await say('@bob and the last');
    await told();
    await bob.rest.post('/notifications/read', { all: true });
    expect(await digest(60 * hour)).toBe(0);
  });

  it('are not mailed to those who say so, by one click in the mail, too', async () => {
    const link = (await mailTo(app, bob.email)).links.find((one) => one.includes('unsubscribe'))!;
    expect(link.startsWith(`${app.settings.publicUrl}/api/v1/notifications/unsubscribe?token=`)).toBe(true);
    const address = `${app.url}${new URL(link).pathname}${new URL(link).search}`;
    const page = await fetch(address);
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(await page.text()).toContain('<form method="post">');
    expect((await bob.rest.get('/notifications/preferences')).body.mail).toBe(true);

    for (const wrong of [address.slice(0, -2), address.replace(bob.id, ann.id), `${address.split('?')[0]}`])
      expect((await fetch(wrong, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status).toBe(404);
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), form, undefined]) {
      await bob.rest.patch('/notifications/preferences', { mail: true });
      const done = await fetch(address, { method: 'POST', ...(body ? { body } : {}) });
      expect([done.status, (await done.text()).includes('Done')]).toEqual([200, true]);
      expect((await bob.rest.get('/notifications/preferences')).body.mail).toBe(false);
    }
    expect((await ann.rest.get('/notifications/preferences')).body.mail).toBe(true);
    // Forms are no bodies anywhere else.
    const elsewhere = await fetch(`${app.url}/api/v1/auth/login`, { method: 'POST', body: new URLSearchParams({ login: 'bob' }) });
    expect(elsewhere.status).toBe(415);

    await say('@bob hello?');
    await told();
    expect(await digest(90 * hour)).toBe(0);
    await bob.rest.patch('/notifications/preferences', { mail: true, kinds: { 'message.mention': { mail: false } } });
    await say('@bob hello again');
    await told();
    expect(await digest(120 * hour)).toBe(0);
  });

  it('survive a server that ends before they are written, once each, and so does an announcement', async () => {
    await bob.rest.post('/notifications/read', { all: true });
    const { message } = (await say('@bob before')).body;
    await told();
    await bob.rest.post(`/rooms/${room}/read`, { seq: message.seq });
    const announcement = '01a00000-0000-7000-8000-00000000000a';
    // As the message writer and an announcement leave things behind: committed, and nobody told yet but those who come first.
    await app.dataSource.query('UPDATE room_members SET read_seq = 0 WHERE room_id = $1 AND user_id = $2', [room, bob.id]);
    const [old] = (await bob.rest.get('/notifications?limit=1')).body.items as Notification[];
    await bob.rest.delete(`/notifications/${old!.id}`);
    await app.dataSource.query(`UPDATE mentions SET notified = false WHERE room_id = $1 AND seq = $2`, [room, message.seq]);
    await app.dataSource.query(
      `INSERT INTO announcements (id, message, created_at, first_told, told_up_to) VALUES ($1, 'again', now(), $2, NULL)`,
      [announcement, [ann.id]],
    );
    app = await app.restart();
    [ann, bob] = [
      { ...ann, rest: app.anonymous.as(ann.access) },
      { ...bob, rest: app.anonymous.as(bob.access) },
    ];
    await told();
    while ((await app.dataSource.query('SELECT 1 FROM announcements WHERE done_at IS NULL')).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const items = (await bob.rest.get('/notifications?unread=true')).body.items as Notification[];
    expect(items.map(({ kind, count, text }) => [kind, count, text])).toEqual([
      ['announcement', 1, 'again'],
      ['message.mention', 1, 'ann mentioned you in Café <b>'],
    ]);
    expect(
      (await ann.rest.get('/notifications?unread=true')).body.items.filter(({ kind }: Notification) => kind === 'announcement'),
    ).toEqual([]);
  });

  it('are kept for 90 days once they are read, and as long as they are not', async () => {
    const count = async () => Number((await app.dataSource.query('SELECT count(*) AS n FROM notifications'))[0].n);
    await app.dataSource.query(
      `INSERT INTO notifications (id, user_id, kind, group_key, count, actors, data, mail_pending, created_at, updated_at, read_at)
       SELECT gen_random_uuid(), $1, 'announcement', 'old:' || n, 1, '{}', '{}', false, now(), now() - n * interval '1 day', CASE WHEN n % 2 = 0 THEN now() END
       FROM generate_series(1, 2400) n`,
      [bob.id],
    );
    const before = await count();
    await app.app.get(NotificationHousekeeping).tidy(new Date());
    expect(before - (await count())).toBe(1_156);
    await app.app.get(NotificationHousekeeping).tidy(new Date(Date.now() + 10 * day));
    expect(before - (await count())).toBe(1_161);
  });

  it('are listed by index, however many there are', async () => {
    await app.dataSource.query(
      `INSERT INTO notifications (id, user_id, kind, group_key, count, actors, data, mail_pending, created_at, updated_at, read_at)
       SELECT gen_random_uuid(), $1, 'announcement', 'many:' || n, 1, '{}', '{}', false, now(), now() - n * interval '1 second', now()
       FROM generate_series(1, 100000) n`,
      [ann.id],
    );
    await app.dataSource.query('ANALYZE notifications');
    const first = ['2026-11-21 09:00:00+00', '01a00000-0000-7000-8000-00000000000a'] as const;
    for (const person of [ann, bob])
      for (const unread of [true, false])
        for (const after of [null, first]) {
          const { text, values } = listQuery(person.id, { unread, limit: 51, after });
          const plan = (await app.dataSource.query<Record<string, string>[]>(`EXPLAIN ${text}`, values))
            .map((row) => Object.values(row)[0])
            .join('\n');
          expect(plan).not.toMatch(/Seq Scan on notifications/);
        }
  });

  async function seenAt(): Promise<Date | null> {
    const [row] = await app.dataSource.query<{ seen_at: Date | null }[]>('SELECT seen_at FROM notification_reach WHERE user_id = $1', [
      bob.id,
    ]);
    return row && row.seen_at!.getTime() >= start + hour ? row.seen_at : null;
  }
});

function quietAround(moment: number) {
  const at = (ms: number) => new Date(moment + ms).toISOString().slice(11, 16);
  return { from: at(-hour), until: at(hour), timeZone: 'UTC' };
}
