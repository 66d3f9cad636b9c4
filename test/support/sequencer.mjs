import Sequencer from '@jest/test-sequencer';

/** Where the long suites are: processes and browsers first, so that none of them runs alone at the end while the other cores have nothing to do. */
const longestFirst = [/\/test\/e2e\/process\//, /\/test\/browser\//, /\/test\/integration\//, /\/test\//];

function place({ path }) {
  const index = longestFirst.findIndex((pattern) => pattern.test(path));
  return index < 0 ? longestFirst.length : index;
}

/** Jest's own order (failed ones first, then by what they took last time, else by their size) within the order above. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
}
