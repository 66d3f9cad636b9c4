import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { giveOut } from './globals.mjs';

register('./typescript.mjs', import.meta.url);
// The tests' own code is in the maps that come with it.
process.setSourceMapsEnabled(true);

const require = createRequire(import.meta.url);
const { default: runCircus } = require('jest-circus/runner');
const mocker = new ModuleMocker(globalThis);
const times = new Map();

/**
 * Jest's "testRunner": its own one (jest-circus, with its reports, timeouts and patterns), except that suites are loaded by Node instead of into a
 * world of their own. A test process loads the server and its libraries once, and keeps what it has compiled: with a world for each suite, loading
 * was most of the work of a run. What suites share by that, the nodes of one process share anyway: nothing in src may be kept in a module.
 */
export default async function runSuite(globalConfig, config, environment, runtime, testPath, send) {
  const before = { console: globalThis.console, env: { ...process.env }, cwd: process.cwd(), prepare: Error.prepareStackTrace };
  const timers = new ModernFakeTimers({ config, global: globalThis });
  globalThis.console = environment.global.console;
  delete Error.prepareStackTrace;
  forgetSuite();
  const native = {
    requireInternalModule: fresh,
    requireModule: require,
    setGlobalsForRuntime: (globals) => giveOut({ ...globals, jest: jestObject(timers) }),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: importFile,
    enterTestCode: () => runtime.enterTestCode(),
    leaveTestCode: () => runtime.leaveTestCode(),
  };
  try {
    return await runCircus(globalConfig, { ...config, injectGlobals: false }, environment, native, testPath, send);
  } finally {
    timers.dispose();
    mocker.restoreAllMocks();
    forgetSuite();
    for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
    Object.assign(process.env, before.env);
    if (process.cwd() !== before.cwd) process.chdir(before.cwd);
    Error.prepareStackTrace = before.prepare;
    globalThis.console = before.console;
  }
}

/** A suite that runs again in the same process is loaded again. */
function importFile(path) {
  const time = times.get(path) ?? 0;
  times.set(path, time + 1);
  return import(pathToFileURL(path).href + (time === 0 ? '' : `?again=${time}`));
}

/** The part of jest-circus that knows the tests of one suite only. */
function fresh(path) {
  delete require.cache[path];
  return require(path);
}

/** jest-circus keeps the tests and who listens to them under symbols of the global object. */
function forgetSuite() {
  for (const symbol of Object.getOwnPropertySymbols(globalThis))
    if (symbol.description === 'JEST_STATE_SYMBOL' || symbol.description === 'EVENT_HANDLERS') delete globalThis[symbol];
}

function jestObject(timers) {
  const from = (object, names) => Object.fromEntries(names.map((name) => [name, object[name].bind(object)]));
  return {
    ...from(mocker, ['fn', 'spyOn', 'restoreAllMocks']),
    ...from(timers, ['useFakeTimers', 'useRealTimers', 'advanceTimersByTime', 'advanceTimersByTimeAsync', 'getTimerCount']),
  };
}
