// What "@jest/globals" is for suites that Node loads: bindings that follow the suite which is running.
export let describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect, jest;

/** Puts the words of the suite that runs now in the place of the last one's. */
export function giveOut(globals) {
  ({ describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect, jest } = globals);
}
