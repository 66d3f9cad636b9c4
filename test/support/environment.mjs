import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

/**
 * The embedded database as machine code, for the life of a test process. Node shares what it has compiled among all threads that load the same
 * bytes, for as long as somebody holds them; without this every app of every suite would compile nine megabytes again.
 */
let held;

/** Jest's environment for tests that start apps. */
export default class AppEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite');
    held ??= await WebAssembly.compile(readFileSync(new URL('pglite.wasm', `file://${pglite}`)));
  }
}
