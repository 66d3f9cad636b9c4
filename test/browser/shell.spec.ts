import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.js';
import { Stage } from './support/stage.js';
import { until } from './support/visitor.js';

/** JavaScript of a first visit, packed, in bytes. */
const budget = 90 * 1024;

describeWithBrowser('the page around everything', () => {
  const stage = new Stage();

  it('a first visit loads less than 90 kB of JavaScript, and the chat no more than that', async () => {
    const visitor = await stage.visitor();
    const loaded = new Set<string>();
    visitor.page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) loaded.add(pathname);
    });
    await visitor.open('/');
    await visitor.see('.welcome');
    const packed = (path: string) => gzipSync(readFileSync(join('dist/web', path)), { level: 9 }).length;
    const sum = (paths: Iterable<string>) => [...paths].reduce((total, path) => total + packed(path), 0);
    const first = sum(loaded);
    await visitor.open('/rooms/lobby');
    await visitor.see('.composer-closed');
    expect(first).toBeLessThan(budget);
    expect(sum(loaded)).toBeLessThan(budget);
  });

  it('without a network a part of the page that is missing is told in words', async () => {
    const visitor = await stage.visitor();
    visitor.provoked.push(/ERR_FAILED/, /Failed to fetch dynamically/);
    await visitor.page.route(/\/assets\/account-pages.*\.js/, (route) => route.abort());
    await visitor.open('/login');
    await until(async () => (await visitor.page.locator('main').textContent())?.includes('Reload') ?? false, 'the words');
  });

  it('speaks the language of the browser before the log-in, another one when it is picked, and keeps it', async () => {
    const visitor = await stage.visitor({ locale: 'uk-UA' });
    await visitor.open('/');
    await visitor.see('a:text-is("Увійти")');
    expect(await visitor.page.getAttribute('html', 'lang')).toBe('uk');
    await visitor.page.selectOption('.language select', 'ru');
    await visitor.see('a:text-is("Войти")');
    await visitor.open('/login');
    await visitor.see('h1:text-is("Вход")');
    await visitor.page.selectOption('.language select', 'en');
    await visitor.see('h1:text-is("Log in")');
  });

  it('counts as the language counts', async () => {
    const ann = await stage.person('ann');
    const bo = await stage.person('bo');
    for (const person of [ann, bo]) await person.rest.post('/rooms/lobby/join');
    const visitor = await stage.member(ann, { locale: 'ru-RU' });
    await visitor.page.addInitScript("localStorage.setItem('parley-language', 'ru')");
    await visitor.enterRoom('lobby');
    await visitor.see('.room-head:has-text("2 участника")');
  });

  it('opens without a network, says so, keeps no answer of the server, and is back with it', async () => {
    const ann = await stage.person('off');
    const visitor = await stage.member(ann);
    visitor.provoked.push(/net::ERR_/, /WebSocket connection to .* failed/);
    await visitor.enterRoom('lobby');
    await visitor.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    // The page that installed the worker is not its own yet; the next one is.
    await visitor.enterRoom('lobby');
    await visitor.context.setOffline(true);
    await visitor.open('/rooms/lobby');
    await visitor.see('h1:has-text("cannot be reached")');
    const kept = await visitor.page.evaluate<string[]>(
      `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))).then((lists) => lists.flat().map(({ url }) => new URL(url).pathname))`,
    );
    expect(kept).toContain('/');
    expect(kept.filter((path) => path !== '/' && path !== '/logo.svg' && !path.startsWith('/assets/'))).toEqual([]);
    await visitor.context.setOffline(false);
    await visitor.see('.composer textarea');
  });

  it('can be installed: a manifest with pictures that are there', async () => {
    const manifest = (await (await fetch(`${stage.server.url}/manifest.webmanifest`)).json()) as { icons: { src: string }[] };
    for (const { src } of manifest.icons) {
      const answer = await fetch(stage.server.url + src);
      expect([src, answer.status, answer.headers.get('content-type')?.split('/')[0]]).toEqual([src, 200, 'image']);
    }
    const worker = await fetch(`${stage.server.url}/sw.js`);
    expect(worker.headers.get('cache-control')).toBe('no-cache');
  });
});
