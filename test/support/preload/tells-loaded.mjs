// Loaded into a server under test: at its end it writes down which packages' files it has loaded.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { cache } = createRequire(import.meta.url);
process.on('exit', () => writeFileSync(process.env.LOADED_TO, Object.keys(cache).join('\n')));
