// "npm run dev": the server starts again on every change of src; the web client is rebuilt on every change of web.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
build();
const children = [
  ['@nestjs/cli/bin/nest.js', ['start', '--watch', '--entryFile', 'main']],
  ['vite/bin/vite.js', ['build', 'web', '--watch', '--logLevel', 'warn']],
].map(([script, args]) => spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill(signal)));
for (const child of children) {
  child.on('exit', (code) => {
    children.forEach((other) => other.kill('SIGTERM'));
    process.exitCode = code ?? 1;
  });
}
