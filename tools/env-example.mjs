// Writes .env.example from the settings' schema; with --check it only says whether the file is fresh. Needs a build (dist/server).
import { readFile, writeFile } from 'node:fs/promises';

const file = new URL('../.env.example', import.meta.url);
const source = new URL('../dist/server/config/env-example.js', import.meta.url);

const { envExample } = await import(source.href).catch((error) => {
  console.error(`${error.message}\nBuild the server first: npm run build`);
  process.exit(1);
});
const wanted = envExample();

if (process.argv.includes('--check')) {
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present !== wanted) {
    console.error(`.env.example is ${present === null ? 'missing' : 'stale'}: run "npm run env:example" and commit it.`);
    process.exit(1);
  }
} else {
  await writeFile(file, wanted);
}
