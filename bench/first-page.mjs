/**
 * What a browser measures of the pages: the first and the largest paint, how far things move, how long scripts keep it from answering, when the
 * page shows what it is about, and what came over the network. Each page by a browser that was never here, once on this machine as it is and
 * once as on a middling phone: a processor slowed down four times, 1.6 Mbit/s and 150 ms there and back.
 *
 *     npm run build && node bench/first-page.mjs
 */
import { median, openStage } from './browser.mjs';

const repetitions = 3;
const pages = [
  { path: '/', name: 'welcome', member: false, shows: '.welcome a' },
  { path: '/login', name: 'log in', member: false, shows: 'input[name=password]' },
  { path: '/rooms/r1', name: 'a room', member: true, shows: '.message' },
  { path: '/feed', name: 'feed', member: true, shows: '.empty-title, .post' },
  { path: '/people/reader', name: 'a profile', member: true, shows: '.person-head' },
  { path: '/settings', name: 'settings', member: true, shows: 'input[name=firstName]' },
  { path: '/search', name: 'search', member: true, shows: 'input[name=q]' },
  { path: '/admin', name: 'administration', member: true, shows: '[role=tabpanel] *' },
];
const ways = {
  'as it is': null,
  'as on a phone': { cpu: 4, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 },
};

/** Runs in the page, before anything of it. */
function watch() {
  const seen = { largest: 0, shift: 0, tasks: [] };
  globalThis.seen = seen;
  new PerformanceObserver((list) => list.getEntries().forEach(({ startTime }) => (seen.largest = startTime))).observe({
    type: 'largest-contentful-paint',
    buffered: true,
  });
  new PerformanceObserver((list) =>
    list.getEntries().forEach(({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value)),
  ).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) =>
    seen.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))),
  ).observe({ type: 'longtask', buffered: true });
}

/** Runs in the page, once it shows what it is about and nothing more comes. */
function read() {
  const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
  const blocked = globalThis.seen.tasks
    .filter(({ startTime }) => startTime >= first)
    .reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0);
  const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const packed = (entries) => entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  return {
    first,
    largest: globalThis.seen.largest,
    shift: globalThis.seen.shift,
    blocked,
    scripts: packed(loaded.filter(({ name }) => name.endsWith('.js'))),
    styles: packed(loaded.filter(({ name }) => name.endsWith('.css'))),
  };
}

const stage = await openStage(1_000);
try {
  for (const [way, slow] of Object.entries(ways)) {
    console.log(`\n${way}, median of ${repetitions}, Chromium ${stage.browser.version()}:\n`);
    console.log('| Page | first paint | largest paint | shows what it is about | blocked | layout shift | scripts | styles |');
    console.log('|---|---:|---:|---:|---:|---:|---:|---:|');
    for (const { path, name, member, shows } of pages) {
      const rows = [];
      for (let turn = 0; turn < repetitions; turn++) {
        const { page, wire, leave } = await stage.visit(
          { viewport: slow ? { width: 390, height: 844 } : { width: 1280, height: 800 }, serviceWorkers: 'block' },
          { member },
        );
        await page.addInitScript(watch);
        if (slow) {
          const { cpu, ...network } = slow;
          await wire.send('Network.enable');
          await wire.send('Network.emulateNetworkConditions', { offline: false, ...network });
          await wire.send('Emulation.setCPUThrottlingRate', { rate: cpu });
        }
        await page.goto(stage.url + path, { waitUntil: 'commit' });
        await page.locator(shows).first().waitFor();
        const shown = await page.evaluate('performance.now()');
        await page.waitForLoadState('networkidle');
        rows.push({ ...(await page.evaluate(read)), shown });
        await leave();
      }
      const of = (key) => median(rows.map((row) => row[key]));
      const ms = (key) => `${of(key).toFixed(0)} ms`;
      const kilobytes = (key) => `${(of(key) / 1000).toFixed(1)} kB`;
      console.log(
        `| ${name} | ${ms('first')} | ${ms('largest')} | ${ms('shown')} | ${ms('blocked')} | ${of('shift').toFixed(3)} | ${kilobytes('scripts')} | ${kilobytes('styles')} |`,
      );
    }
  }
} finally {
  await stage.stop();
}
