import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Says after a failure how to see it again (the suite, and the seed of its random numbers), and tells `tools/test.mjs` which suites failed. */
export default class RepeatReporter {
  onRunComplete(_contexts, { testResults }) {
    const failed = testResults
      .filter(({ numFailingTests, testExecError }) => numFailingTests > 0 || testExecError)
      .map(({ testFilePath }) => relative(process.cwd(), testFilePath));
    if (process.env.FAILED_SUITES_FILE) writeFileSync(process.env.FAILED_SUITES_FILE, JSON.stringify(failed));
    if (failed.length === 0) return;
    process.stderr.write('\nTo repeat what failed:\n');
    for (const path of failed) process.stderr.write(`  TEST_SEED=${process.env.TEST_SEED} npm test -- ${path}\n`);
  }
}
