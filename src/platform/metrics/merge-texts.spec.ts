import { expect, it } from '@jest/globals';
import { mergeTexts } from './merge-texts.js';

it('metrics of several processes are one text: each name once with its samples together', () => {
  const of = (place: number, extra = '') =>
    `# HELP a first\n# TYPE a gauge\na{process="${place}"} ${place}\n\n# HELP b second\n# TYPE b counter\nb{x="y",process="${place}"} 5\n${extra}`;
  expect(mergeTexts([of(1), of(2, '\n# HELP c third\n# TYPE c gauge\nc 1\n'), ''])).toBe(
    [
      '# HELP a first\n# TYPE a gauge\na{process="1"} 1\na{process="2"} 2',
      '# HELP b second\n# TYPE b counter\nb{x="y",process="1"} 5\nb{x="y",process="2"} 5',
      '# HELP c third\n# TYPE c gauge\nc 1\n',
    ].join('\n\n'),
  );
});
