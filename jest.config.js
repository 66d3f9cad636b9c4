// One seed for all random numbers of a run. The processes of the suites inherit it.
process.env.TEST_SEED ??= String(Math.trunc(Math.random() * 1e9));

const shared = {
  testEnvironment: 'node',
  // Loads suites with Node, TypeScript included: docs/decisions/0019.
  testRunner: '<rootDir>/test/support/runner/run-suite.mjs',
  testEnvironmentOptions: { globalsCleanup: 'off' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

const withApps = { ...shared, testEnvironment: '<rootDir>/test/support/environment.mjs' };

/** Three tiers: beside the code, on a real database, and over the wire (both sockets, real mail, a real browser). */
export default {
  // For a machine that does other things as well: nothing is measured by it, it only ends what hangs.
  testTimeout: 240_000,
  maxWorkers: '100%',
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/support/repeat-reporter.mjs'],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{src,web/src}/**/*.spec.ts'] },
    { ...withApps, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.spec.ts'] },
    { ...withApps, displayName: 'e2e', testMatch: ['<rootDir>/test/{e2e,contract,chaos}/**/*.spec.ts'] },
    // Long, and with nginx: by "npm run test:chaos" alone.
    ...(process.env.CHAOS ? [{ ...withApps, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/**/*.chaos.ts'] }] : []),
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.spec.ts'] },
  ],
};
