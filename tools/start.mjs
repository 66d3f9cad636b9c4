// "npm start": builds when needed, then runs the server, or with an argument one of the commands in src/cli.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Parley needs Node.js 20.19 or later; this is ${process.version}.`);
  process.exit(1);
}
const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (!existsSync(join(root, 'node_modules', 'zod'))) {
  console.error('The dependencies are not installed: run "npm ci" first.');
  process.exit(1);
}
const { build } = await import('./build.mjs');
build();

const [command] = process.argv.slice(2);
if (command === undefined) await import('../dist/server/main.js');
else {
  process.argv.splice(2, 1);
  await import(`../dist/server/cli/${command}.js`);
}
