// Builds the server (dist/server) and the web client (dist/web), and only when their sources have changed since.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', 'built-from');
const sources = ['src', 'web', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

function* files(path) {
  const stat = statSync(path);
  if (stat.isFile()) yield [path, stat];
  else for (const name of readdirSync(path).sort()) if (name !== 'node_modules') yield* files(join(path, name));
}

/** A fingerprint of everything that is built: names, sizes, times. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    const path = join(root, source);
    if (!existsSync(path)) continue;
    for (const [name, stat] of files(path)) hash.update(`${name} ${stat.size} ${Math.trunc(stat.mtimeMs)}\n`);
  }
  return hash.digest('hex');
}

function run(words, script, args) {
  console.log(`Parley: ${words} …`);
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error || status !== 0) {
    console.error(`Parley: ${words} failed${error ? `: ${error.message}` : ''}. Was "npm ci" run in this folder?`);
    process.exit(status || 1);
  }
}

/** Brings dist up to date. */
export function build({ force = false } = {}) {
  if (!existsSync(join(root, 'node_modules/@nestjs/cli'))) {
    // Installed without the build tools (npm ci --omit=dev): what was built elsewhere is run as it is.
    if (existsSync(join(root, 'dist/server/main.js'))) return;
    console.error('Parley is not built, and the build tools are not installed: run "npm ci" without --omit=dev, or bring dist/ along.');
    process.exit(1);
  }
  const current = fingerprint();
  if (
    !force &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === current &&
    existsSync(join(root, 'dist/server/main.js')) &&
    existsSync(join(root, 'dist/web/index.html'))
  )
    return;
  run('building the server', '@nestjs/cli/bin/nest.js', ['build']);
  run('building the web client', 'vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, current);
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) build({ force: true });
