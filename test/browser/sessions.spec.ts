import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { Stage } from './support/stage.js';

describeWithBrowser('a session that ends under an open page', () => {
  // A short life, so that a test can live through it.
  const stage = new Stage({ environment: { ACCESS_TOKEN_TTL: '4s' }, lines: 1 });

  it('stays as long as the page is open, through many tokens', async () => {
    const ann = await stage.person('ann');
    const visitor = await stage.member(ann);
    let sockets = 0;
    visitor.page.on('websocket', () => sockets++);
    let renewals = 0;
    visitor.page.on('response', (response) => {
      if (response.url().endsWith('/auth/refresh') && response.ok()) renewals++;
    });
    await visitor.enterRoom('lobby');
    await visitor.page.waitForResponse((response) => response.url().endsWith('/auth/refresh') && response.ok());
    await visitor.page.waitForResponse((response) => response.url().endsWith('/auth/refresh') && response.ok());
    await visitor.write('still here');
    await visitor.hear('still here');
    await visitor.settled();
    expect(renewals).toBeGreaterThanOrEqual(3);
    expect(sockets).toBe(1);
  });

  it('an open tab whose session is gone says so, and goes on where it was after a log-in', async () => {
    const bo = await stage.person('bo');
    await bo.rest.post('/rooms', { name: 'secret', kind: 'private' });
    const visitor = await stage.member(bo);
    visitor.provoked.push(/status of 401/);
    await visitor.enterRoom('secret');
    await visitor.context.clearCookies();
    await visitor.see('.empty-title:has-text("cannot enter")');
    await visitor.page.click('.empty .button.primary');
    await visitor.see('.notice.bad:has-text("logged out")');
    await visitor.submitLogin(bo.username, bo.password);
    await visitor.see('.composer textarea');
    expect(new URL(visitor.page.url()).pathname).toBe('/rooms/secret');
    await visitor.write('back');
    await visitor.hear('back');
  });

  it('a computer that slept until its session was over is a guest when it wakes, and reads on', async () => {
    const cy = await stage.person('cy');
    const [line] = stage.lines;
    const visitor = await stage.member(cy, { line: line! });
    visitor.provoked.push(/status of 401/, /net::ERR_/, /WebSocket connection to .* failed/);
    await visitor.enterRoom('lobby');
    line!.cut();
    await visitor.see('.banner.gone');
    const { body } = await stage.server.rest.post('/auth/login', { login: cy.username, password: cy.password });
    expect((await stage.server.rest.as(body.access).post('/auth/logout-all')).status).toBe(204);
    line!.mend();
    await visitor.see('.composer-closed');
    await visitor.page.click('.composer-closed a.primary');
    await visitor.see('.notice.bad:has-text("logged out")');
    expect((await visitor.context.cookies()).map(({ name }) => name)).not.toContain('parley_session');
  });
});
