// "npm test": builds when needed, then runs every tier. With CI=true a missing PostgreSQL or Chromium is a failure, elsewhere it is said.
// A suite that failed beside others is run once more, alone (docs/decisions/0013): a fault that stays fails the run, one that goes is named.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

/** More failed suites than this are no accident of a busy machine. */
const mostToRepeat = 3;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Everything that the tests make for a while is made in here, and goes with it. */
const folder = mkdtempSync(join(tmpdir(), 'parley-run-'));
// PostgreSQL, which does not run as root, has its data in there as well.
chmodSync(folder, 0o711);
const failedFile = join(folder, 'failed.json');

function jest(options) {
  // The one thing to be kept: how long each suite took, so that the longest begin first.
  const cache = `--cacheDirectory=${join(tmpdir(), 'parley-jest')}`;
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), cache, ...options], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'test', TMPDIR: folder, FAILED_SUITES_FILE: failedFile },
  });
  return status ?? 1;
}

/** The suites of which a test failed, as the reporter wrote them down; none when the run ended in another way. */
function failedSuites() {
  try {
    return JSON.parse(readFileSync(failedFile, 'utf8'));
  } catch {
    return [];
  }
}

function run() {
  build();
  const status = jest(process.argv.slice(2));
  if (status === 0) return 0;
  const failed = failedSuites();
  if (failed.length === 0 || failed.length > mostToRepeat) return status;
  process.stderr.write(`\nOnce more, alone: ${failed.join(', ')}\n\n`);
  const again = jest(['--runInBand', '--runTestsByPath', ...failed]);
  if (again === 0) process.stderr.write(`\nUNSTABLE: failed beside other suites and passed alone: ${failed.join(', ')}\n`);
  return again;
}

let status = 1;
try {
  status = run();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(status);
