import { relative } from 'node:path';

/** Says after a failure how to see it again: the suite, and the seed of its random numbers. */
export default class RepeatReporter {
  onRunComplete(_contexts, { testResults }) {
    const failed = testResults.filter(({ numFailingTests, testExecError }) => numFailingTests > 0 || testExecError);
    if (failed.length === 0) return;
    process.stderr.write('\nTo repeat what failed:\n');
    for (const { testFilePath } of failed)
      process.stderr.write(`  TEST_SEED=${process.env.TEST_SEED} npm test -- ${relative(process.cwd(), testFilePath)}\n`);
  }
}
