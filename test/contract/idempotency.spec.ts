import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/create-app.js';
import { newPerson, type TestPerson } from '../support/people.js';
import { IdempotencyRepository, type IdempotentRequest } from '../../src/platform/http/idempotency.repository.js';

describe('Idempotency-Key over REST', () => {
  let app: TestApp;
  let ada: TestPerson;

  beforeAll(async () => {
    app = await startApp();
    ada = await newPerson(app, 'ada');
  });
  afterAll(() => app.close());

  const create = (name: string, key: string) => ada.rest.post('/rooms', { name, kind: 'public' }, { headers: { 'idempotency-key': key } });

  it('a repeated request changes nothing and gets the first answer', async () => {
    const first = await create('one', 'k-1');
    const second = await create('one', 'k-1');
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
  });

  it('of ten at once one runs', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('ten', 'k-2')));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect(answers.filter(({ status, headers }) => status === 201 && !headers.get('idempotency-replayed'))).toHaveLength(1);
    for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('request.idempotency-in-progress');
  });

  it('another request under the key is refused, and a refusal is kept', async () => {
    await create('three', 'k-3');
    expect((await create('four', 'k-3')).body).toMatchObject({ code: 'request.idempotency-key-reused' });
    expect((await create('three', 'k-4')).body).toMatchObject({ code: 'room.name-taken' });
    const again = await create('three', 'k-4');
    expect(again).toMatchObject({ status: 409, body: { code: 'room.name-taken' } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('an answer without content is kept too, and a bad key is told', async () => {
    await create('gone', 'k-5');
    const remove = () => ada.rest.delete('/rooms/gone', undefined, { headers: { 'idempotency-key': 'k-6' } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(204);
    expect(await create('five', 'x'.repeat(65))).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
  });

  it('never stores credentials', async () => {
    await ada.rest.post('/auth/socket-ticket', undefined, { headers: { 'idempotency-key': 'k-7' } });
    const rows: { response: unknown }[] = await app.dataSource.query('SELECT response FROM idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain('ticket');
  });

  it('frees the key of a crashed call after a minute, of any call after a day, and forgets it then', async () => {
    const repository = new IdempotencyRepository(app.dataSource);
    const request: IdempotentRequest = { person: ada.id, route: 'POST /x', key: 'k-8', hash: Buffer.alloc(32, 1) };
    const age = (interval: string) =>
      app.dataSource.query(`UPDATE idempotency_keys SET created_at = now() - interval '${interval}' WHERE key = 'k-8'`);
    const first = await repository.claim(request);
    expect(first.kind).toBe('run');
    expect(await repository.claim(request)).toEqual({ kind: 'in-progress' });
    await age('61 seconds');
    const second = await repository.claim(request);
    expect(second.kind).toBe('run');
    // The one that was given up comes back late: its answer is not that of the second.
    if (first.kind === 'run') await repository.keep(request, first.claim, 200, { late: true });
    expect(await repository.claim(request)).toEqual({ kind: 'in-progress' });
    if (second.kind === 'run') await repository.keep(request, second.claim, 200, { ok: 1 });
    expect(await repository.claim(request)).toEqual({ kind: 'stored', status: 200, response: { ok: 1 } });
    await age('25 hours');
    await repository.purge();
    expect(await repository.claim(request)).toMatchObject({ kind: 'run' });
  });
});
