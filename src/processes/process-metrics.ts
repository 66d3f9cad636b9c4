import cluster, { type Worker } from 'node:cluster';
import { type Metrics, mergeTexts } from '../platform/metrics/index.js';

/** How long one process waits for the numbers of the others, in ms; who is late is missing. */
const patience = 1_500;

/** What the processes of one server and the one above them say to each other about metrics. */
type Word =
  | { parley: 'metrics-wanted'; id: number }
  | { parley: 'metrics-give'; id: string }
  | { parley: 'metrics'; id: string; text: string }
  | { parley: 'metrics-all'; id: number; texts: string[] };

const isWord = (word: unknown): word is Word => typeof word === 'object' && word !== null && 'parley' in word;

/** In the process above the others: collects what all of them counted for the one that was asked. */
export function passMetricsOn(workers: () => readonly Worker[]): void {
  const collecting = new Map<string, (text: string) => void>();
  let asked = 0;
  cluster.on('message', (asker, word: unknown) => {
    if (!isWord(word)) return;
    if (word.parley === 'metrics') collecting.get(word.id)?.(word.text);
    if (word.parley !== 'metrics-wanted') return;
    const id = String((asked += 1));
    const others = workers().filter((worker) => worker !== asker && worker.isConnected());
    const texts: string[] = [];
    const done = () => {
      clearTimeout(timer);
      if (collecting.delete(id) && asker.isConnected()) asker.send({ parley: 'metrics-all', id: word.id, texts } satisfies Word);
    };
    const timer = setTimeout(done, patience);
    collecting.set(id, (text) => {
      texts.push(text);
      if (texts.length === others.length) done();
    });
    for (const other of others) other.send({ parley: 'metrics-give', id } satisfies Word);
    if (others.length === 0) done();
  });
}

/** In one of several processes: gives its numbers when another one is asked, and answers for all. Each number has the label `process`. */
export function shareMetrics(metrics: Metrics, place: string): void {
  const waiting = new Map<number, (texts: string[]) => void>();
  let asked = 0;
  const tell = (word: Word) => {
    if (process.connected) process.send?.(word);
  };
  process.on('message', (word: unknown) => {
    if (!isWord(word)) return;
    if (word.parley === 'metrics-all') waiting.get(word.id)?.(word.texts);
    if (word.parley !== 'metrics-give') return;
    const { id } = word;
    metrics.ownText().then(
      (text) => tell({ parley: 'metrics', id, text }),
      () => tell({ parley: 'metrics', id, text: '' }),
    );
  });
  metrics.share(place, async (own) => {
    const id = (asked += 1);
    const others = await new Promise<string[]>((resolve) => {
      const timer = setTimeout(() => resolve([]), patience * 2);
      waiting.set(id, (texts) => {
        clearTimeout(timer);
        resolve(texts);
      });
      tell({ parley: 'metrics-wanted', id });
    });
    waiting.delete(id);
    return mergeTexts([own, ...others]);
  });
}
