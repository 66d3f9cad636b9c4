import { words } from './words.js';

/** A part of a text around what was found, and where in it the found words stand (UTF-16 offsets). */
export interface Excerpt {
  excerpt: string;
  highlights: { from: number; to: number }[];
}

/** Length of an excerpt in code units, about. */
const wanted = 180;
/** What is shown before the first word that was found. */
const lead = 50;

/** @param matches whether a folded word was asked for */
export function excerptOf(text: string, matches: (word: string) => boolean): Excerpt {
  const found: [number, number][] = [];
  for (const { word, start, end } of words(text)) {
    const last = found.at(-1);
    if (!matches(word)) continue;
    // Pairs of neighbours overlap: one stretch is one highlight.
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  const first = found[0]?.[0] ?? 0;
  const from = text.length <= wanted || first <= lead ? 0 : boundary(text, first - lead);
  const to = Math.min(text.length, from + wanted);
  const end = to < text.length ? boundary(text, to) : to;
  const before = from > 0 ? '…' : '';
  return {
    excerpt: before + text.slice(from, end) + (end < text.length ? '…' : ''),
    highlights: found
      .filter(([start, stop]) => start >= from && stop <= end)
      .map(([start, stop]) => ({ from: start - from + before.length, to: stop - from + before.length })),
  };
}

/** The place at or before `at` where no surrogate pair is cut. */
function boundary(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
