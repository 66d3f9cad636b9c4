// "npm run test:model -- --minutes 60 [--seed N]": the model-based test of messages again and again, half of the time on each database.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes must be a number above 0.');
  process.exit(1);
}
const seed = values.seed ?? String(Math.trunc(Math.random() * 1e9));
console.log(`The model for ${minutes} minutes. The same again: npm run test:model -- --minutes ${minutes} --seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', 'e2e', '--runInBand', '--runTestsByPath', 'test/e2e/messages/model.spec.ts'],
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test', TEST_SEED: seed, MODEL_MINUTES: String(minutes) } },
);
process.exit(status ?? 1);
