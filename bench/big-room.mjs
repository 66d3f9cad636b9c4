/**
 * A room with many messages, as a person at a browser has it: how long until one can write and what the page holds, at the end of the room,
 * after reading a long way up, and after a jump to its first message.
 *
 *     npm run build && node bench/big-room.mjs [messages, 100000 without it]
 */
import { median, openStage } from './browser.mjs';

const messages = Number(process.argv[2] ?? 100_000);
const repetitions = 5;
const pagesUp = 40;
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const stage = await openStage(messages);
try {
  const { id } = await stage.room();
  const rows = { opened: [], heap: [], nodes: [], read: [], readHeap: [], readNodes: [], jumped: [] };
  for (let turn = 0; turn < repetitions; turn++) {
    const { page, wire, leave } = await stage.visit({ viewport: { width: 1280, height: 800 } });
    await wire.send('Performance.enable');
    const held = async () => {
      await wire.send('HeapProfiler.collectGarbage');
      const { metrics } = await wire.send('Performance.getMetrics');
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { heap: of('JSHeapUsedSize'), nodes: of('Nodes') };
    };
    const firstRow = () => page.locator('.message').first().getAttribute('data-seq');
    const began = performance.now();
    await page.goto(`${stage.url}/rooms/r1`);
    await page.locator('.message').last().waitFor();
    // What is typed now stands there: the page answers.
    await page.fill('.composer textarea', 'x');
    rows.opened.push(performance.now() - began);
    const atEnd = await held();
    rows.heap.push(atEnd.heap);
    rows.nodes.push(atEnd.nodes);

    // Page after page upwards, each as soon as the one before is there.
    const readingBegan = performance.now();
    for (let step = 0, first = await firstRow(); step < pagesUp; step++, first = await firstRow()) {
      await page.evaluate(`document.querySelector('.messages').scrollTop = 0`);
      await page.waitForFunction((seq) => document.querySelector('.message')?.getAttribute('data-seq') !== seq, first, { timeout: 30_000 });
    }
    rows.read.push((performance.now() - readingBegan) / pagesUp);
    const far = await held();
    rows.readHeap.push(far.heap);
    rows.readNodes.push(far.nodes);

    // And to the very first message, the way a search hit leads there.
    const jumpBegan = performance.now();
    await page.evaluate((path) => {
      history.pushState({ seq: 1 }, '', path);
      dispatchEvent(new PopStateEvent('popstate', { state: { seq: 1 } }));
    }, `/rooms/${id}`);
    await page.locator('.message.found[data-seq="1"]').waitFor();
    rows.jumped.push(performance.now() - jumpBegan);
    await leave();
  }
  console.log(`A room with ${messages.toLocaleString('en')} messages, median of ${repetitions}, Chromium ${stage.browser.version()}:`);
  console.log(`- from the address to a page one can write on: ${median(rows.opened).toFixed(0)} ms`);
  console.log(`- memory of its scripts then: ${megabytes(median(rows.heap))}, ${median(rows.nodes)} nodes`);
  console.log(`- one page further up: ${median(rows.read).toFixed(0)} ms`);
  console.log(`- after ${pagesUp} of them: ${megabytes(median(rows.readHeap))}, ${median(rows.readNodes)} nodes`);
  console.log(`- jump to the first message: ${median(rows.jumped).toFixed(0)} ms`);
} finally {
  await stage.stop();
}
