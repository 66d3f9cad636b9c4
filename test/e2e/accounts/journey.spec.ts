import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestApp, startApp } from '../../support/create-app.js';
import { mailTo, newPerson } from '../../support/people.js';

describe('the way of a person through the accounts, on the whole server', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => app.close());

  it('registers, activates by the link, logs in, refreshes, loses the password, sets a new one, and logs out everywhere', async () => {
    const email = 'ada@example.org';
    const password = 'correct horse battery staple';
    const registered = await app.anonymous.post('/auth/register', {
      email,
      username: 'ada',
      password,
      passwordConfirmation: password,
      firstName: 'Ada',
    });
    expect(registered.status).toBe(201);
    const token = new URL((await mailTo(app, email)).links[0]!).searchParams.get('token');
    expect((await app.anonymous.post('/auth/activate', { token })).status).toBe(200);

    const login = await app.anonymous.post('/auth/login', { login: 'ADA', password });
    expect(login.body.user).toMatchObject({ username: 'ada', displayName: 'Ada', role: 'user' });
    const refreshed = await app.anonymous.post('/auth/refresh', { refresh: login.body.refresh as unknown });
    const signedIn = app.anonymous.as(String(refreshed.body.access));
    expect((await signedIn.get('/users/me')).body.firstName).toBe('Ada');

    await app.anonymous.post('/auth/password-reset/request', { email });
    const reset = new URL((await mailTo(app, email)).links[0]!).searchParams.get('token');
    const next = 'a lighthouse made of paper';
    const confirmed = await app.anonymous.post('/auth/password-reset/confirm', {
      token: reset,
      password: next,
      passwordConfirmation: next,
    });
    expect(confirmed.status).toBe(204);
    expect((await signedIn.get('/users/me')).body.code).toBe('auth.revoked');

    const again = await app.anonymous.post('/auth/login', { email, password: next });
    const fresh = app.anonymous.as(String(again.body.access));
    expect((await fresh.post('/auth/logout-all')).status).toBe(204);
    expect((await fresh.get('/users/me')).status).toBe(401);
  });

  it('refuses everybody without a credential, and guests only where no guest may enter', async () => {
    expect((await app.anonymous.get('/users/me')).body.code).toBe('auth.required');
    expect((await app.anonymous.get('/rooms')).status).toBe(200);
    expect((await app.anonymous.as('broken').get('/rooms')).body.code).toBe('auth.token-invalid');
    const person = await newPerson(app);
    await person.rest.post('/auth/logout');
    expect((await person.rest.get('/rooms')).body.code).toBe('auth.revoked');
  });
});
