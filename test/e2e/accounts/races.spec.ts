import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestApp, startApp } from '../../support/create-app.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

// The embedded database serves one transaction at a time: only a server lets them meet.
describeWithPostgres('changes of an account that meet, on a PostgreSQL server', () => {
  let postgres: RunningPostgres;
  let app: TestApp;
  beforeAll(async () => {
    postgres = await startPostgres();
    app = await startApp({ DATABASE_URL: await postgres.createDatabase() });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await postgres.stop();
  });

  const times = async <T>(count: number, work: (n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, async (_, n) => work(n)));
  const rename = async (who: TestPerson, username: string) => who.rest.post('/users/me/username', { username });
  const codes = (answers: { status: number; body?: { code?: unknown } }[]) =>
    answers.map(({ status, body }) => (status < 400 ? 'ok' : body?.code));

  it('one of many gets the username that all of them want, also while somebody registers it, and nobody waits in a circle', async () => {
    const people = await times(10, async () => newPerson(app));
    const password = 'correct horse battery staple';
    const register = async (n: number) =>
      app.anonymous.post('/auth/register', { email: `w${n}@example.org`, username: 'wanted', password, passwordConfirmation: password });
    const answers = await Promise.all([...people.map(async (who) => rename(who, 'Wanted')), register(1), register(2)]);
    expect(codes(answers).sort()).toEqual(['ok', ...Array.from({ length: 11 }, () => 'user.username-taken')]);

    // A circle of people who each want the next one's name: nobody can have it while its owner has it.
    const circle = await times(6, async () => newPerson(app));
    const moved = await Promise.all(circle.map(async (who, n) => rename(who, circle[(n + 1) % circle.length]!.username)));
    for (const code of codes(moved)) expect(code).toBe('user.username-taken');
    const chain = await Promise.all(circle.map(async (who, n) => rename(who, n === 0 ? 'new-begin' : circle[n - 1]!.username)));
    expect(codes(chain)[0]).toBe('ok');
    for (const code of codes(chain).slice(1)) expect(code).toBe('user.username-taken');
  });

  it('an address belongs to one of those who confirm it, and a code is tried five times', async () => {
    const people = await times(4, async () => newPerson(app));
    const email = 'shared@example.net';
    const proofs: string[] = [];
    for (const who of people) {
      await app.dataSource.query(`UPDATE mail_quotas SET last_resend_at = now() - interval '61 seconds'`);
      expect((await who.rest.post('/users/me/email', { email, password: who.password })).status).toBe(202);
      proofs.push((await mailTo(app, email)).code!);
    }
    const answers = await Promise.all(people.map(async (who, n) => who.rest.post('/users/me/email/confirm', { code: proofs[n] })));
    expect(codes(answers).sort()).toEqual(['auth.code-invalid', 'auth.code-invalid', 'auth.code-invalid', 'ok']);

    const ann = await newPerson(app);
    await ann.rest.post('/users/me/password', {
      currentPassword: ann.password,
      password: 'a paper lighthouse',
      passwordConfirmation: 'a paper lighthouse',
    });
    const { code } = await mailTo(app, ann.email);
    await times(20, async (n) =>
      ann.rest.post('/users/me/password/confirm', { code: String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0') }),
    );
    expect((await ann.rest.post('/users/me/password/confirm', { code })).body.code).toBe('auth.code-invalid');
    const [row] = await app.dataSource.query<{ attempts: number }[]>('SELECT attempts FROM account_codes WHERE user_id = $1', [ann.id]);
    expect(row).toEqual({ attempts: 5 });
  });

  it('fifty switches leave one avatar active, and an album that goes takes everything with it', async () => {
    const ann = await newPerson(app);
    const image = await picture('jpeg', { width: 40, height: 30 });
    const upload = async () =>
      (await ann.rest.post('/users/me/avatar', undefined, { form: form('image', image) })).body.avatar.id as string;
    const avatars = await times(3, upload);
    await times(50, async (n) => ann.rest.put(`/users/me/avatars/${avatars[n % 3]}`));
    const active = await app.dataSource.query<{ url: string; avatar_url: string }[]>(
      `SELECT image->'sizes'->>'thumbnail' AS url, avatar_url FROM avatars JOIN users ON users.id = user_id WHERE user_id = $1 AND active`,
      [ann.id],
    );
    expect(active).toHaveLength(1);
    expect(active[0]!.url).toBe(active[0]!.avatar_url);

    const album = (await ann.rest.post('/albums', { name: 'Short' })).body.album.id as string;
    const files = await times(6, async () => (await ann.rest.post('/files', undefined, { form: form('file', image) })).body.id as string);
    const first = (await ann.rest.post(`/albums/${album}/photos`, { fileIds: files.slice(0, 2) })).body.items as { id: string }[];
    await ann.rest.patch(`/albums/${album}`, { coverPhotoId: first[0]!.id });
    const answers = await Promise.all([
      ...files.slice(2).flatMap((id) => [0, 1].map(async () => ann.rest.post(`/albums/${album}/photos`, { fileIds: [id] }))),
      ann.rest.delete(`/albums/${album}`),
      ann.rest.patch(`/albums/${album}`, { coverPhotoId: first[1]!.id }),
      ...first.map(async ({ id }) => ann.rest.delete(`/photos/${id}`)),
    ]);
    for (const code of codes(answers)) expect(['ok', 'album.not-found', 'photo.not-found', 'file.not-found']).toContain(code);
    const left = await app.dataSource.query(
      `SELECT 'photo' FROM photos WHERE album_id = $1 UNION ALL SELECT 'file' FROM files WHERE attached_id = $1 AND state = 'ready'`,
      [album],
    );
    expect(left).toEqual([]);
  });
});
