// "npm run test:chaos [-- --only R1,R6] [--full] [--minutes 120]": everything that may go wrong and must cost nothing, R1 to R32, each by its name,
// on three nodes with a PostgreSQL, a Redis and an nginx of their own (test/chaos). --full takes the whole lengths. R32, which lasts, runs only
// when it is named, for --minutes. In the end every case's counts are printed; a case that counted nothing has failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const lasting = 'R32';
const all = Array.from({ length: 32 }, (_, index) => `R${index + 1}`);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean' }, minutes: { type: 'string', default: '120' } },
});
const named = values.only?.split(',').map((name) => name.trim().toUpperCase());

function refuse(why) {
  console.error(why);
  process.exit(2);
}

const unknown = named?.filter((name) => !all.includes(name)) ?? [];
if (unknown.length > 0) refuse(`There is no case ${unknown.join(', ')}; there are R1 to R32.`);
if (!(Number(values.minutes) > 0)) refuse('--minutes must be a number above 0.');
for (const [program, from] of [
  ['nginx', 'nginx'],
  ['redis-server', 'redis-server'],
])
  if (spawnSync(program, ['--version']).error) refuse(`${program} is needed; on Debian: apt-get install ${from}.`);

const wanted = all.filter((name) => (named ? named.includes(name) : name !== lasting));
const folder = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
const report = join(folder, 'report.jsonl');
build();
const begun = Date.now();
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', 'chaos', '--runInBand', '--verbose', '-t', `^(?:.* )?(?:${wanted.join('|')}):`],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      CHAOS: '1',
      CHAOS_REPORT: report,
      CHAOS_MINUTES: values.minutes,
      ...(values.full ? { CHAOS_FULL: '1' } : {}),
    },
  },
);

const lines = existsSync(report)
  ? readFileSync(report, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
rmSync(folder, { recursive: true, force: true });
const words = (counted) =>
  Object.entries(counted)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
const missing = [];
console.log('');
for (const name of wanted) {
  const own = lines.filter((line) => line.name === name);
  if (own.length === 0) missing.push(name);
  for (const { counts, told } of own) console.log(`${name.padEnd(3)}  ${words(counts)}  |  ${words(told)}`);
}
const isGood = status === 0 && missing.length === 0;
console.log(`\n${wanted.length - missing.length} of ${wanted.length} cases counted, in ${Math.round((Date.now() - begun) / 1_000)} s.`);
if (missing.length > 0) console.log(`Nothing was counted by ${missing.join(', ')}.`);
if (isGood) console.log('Nothing was lost, doubled, invented, reordered or withheld.');
process.exit(isGood ? 0 : 1);
