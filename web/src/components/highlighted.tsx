import type { SearchHit } from '../api/wire.js';

/** An excerpt whose found words stand out. It is text all through: nothing in it is ever read as markup. */
export function Highlighted({ excerpt, highlights }: Pick<SearchHit, 'excerpt' | 'highlights'>) {
  let from = 0;
  const pieces = highlights.flatMap(({ from: start, to }) => {
    const before = excerpt.slice(from, start);
    from = to;
    return [before, <mark key={start}>{excerpt.slice(start, to)}</mark>];
  });
  return (
    <>
      {pieces}
      {excerpt.slice(from)}
    </>
  );
}
