// Loaded into a server under test: it dies in the middle of an erasure (DIES_AT_STEP says at which of its steps) or of an export
// (DIES_AT_PART says after which of the archive's parts was stored).
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const server = async (file) => import(pathToFileURL(resolve(`dist/server/modules/privacy/${file}.js`)).href);
const die = () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

const { Erasure } = await server('deletion/erasure');
const { run } = Erasure.prototype;
let steps = 0;
Erasure.prototype.run = async function (userId, choice, step) {
  return run.call(this, userId, choice, async () => {
    if (++steps === Number(process.env.DIES_AT_STEP)) await die();
    await step();
  });
};

const { ExportStore } = await server('exports/export-store');
const { put } = ExportStore.prototype;
let parts = 0;
ExportStore.prototype.put = async function (...part) {
  await put.apply(this, part);
  if (++parts === Number(process.env.DIES_AT_PART)) await die();
};
