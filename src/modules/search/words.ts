/** A word of a text, folded, with the place of what it came from (in UTF-16 code units). */
export interface Word {
  word: string;
  start: number;
  end: number;
}

/** A word of a question: `prefix` finds what begins with it. */
export interface Term {
  word: string;
  prefix: boolean;
  /** Whether a slip of the finger may be forgiven. */
  forgiving: boolean;
}

/** Longer ones are cut: nobody types them. */
const longestWord = 64;
/** Different words of one text that are kept. */
const mostWords = 500;
/** Words of one question. */
const mostTerms = 12;

// Scripts that are written without spaces; the prolonged sound mark belongs to them.
const unspaced = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc\uff70]`;
const runs = new RegExp(String.raw`(?<unspaced>${unspaced}+)|[[\p{L}\p{M}\p{N}]--${unspaced}]+`, 'gv');

/** The form under which a word is kept: without case, width and accents (the same for every language; `й` is `и`, `ё` is `е`). */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}

/**
 * The words of a text. Of scripts without spaces every pair of neighbours is a word, and the last letter alone, so that a question is found
 * wherever it stands.
 */
export function* words(text: string): Generator<Word> {
  for (const match of text.matchAll(runs)) {
    if (match.groups?.['unspaced'] === undefined) {
      yield { word: fold(match[0]).slice(0, longestWord), start: match.index, end: match.index + match[0].length };
      continue;
    }
    let previous: { letter: string; start: number } | null = null;
    let at = match.index;
    for (const letter of match[0]) {
      if (previous) yield { word: fold(previous.letter + letter), start: previous.start, end: at + letter.length };
      previous = { letter, start: at };
      at += letter.length;
    }
    if (previous) yield { word: fold(previous.letter), start: previous.start, end: at };
  }
}

/** The different words of a text, 500 at most. */
export function distinctWords(text: string): string[] {
  const found = new Set<string>();
  for (const { word } of words(text)) {
    if (word !== '') found.add(word);
    if (found.size === mostWords) break;
  }
  return [...found];
}

/** What a question asks for: every term must be found. Empty when it has no word. */
export function terms(question: string): Term[] {
  const found = new Map<string, Term>();
  for (const match of question.matchAll(runs)) {
    if (match.groups?.['unspaced'] === undefined) {
      const word = fold(match[0]).slice(0, longestWord);
      if (word !== '') found.set(word, { word, prefix: true, forgiving: word.length >= 4 && /^\p{L}+$/u.test(word) });
      continue;
    }
    const letters = [...match[0]];
    if (letters.length === 1) found.set(fold(match[0]), { word: fold(match[0]), prefix: true, forgiving: false });
    for (let i = 0; i + 1 < letters.length; i++) {
      const pair = fold(letters[i]! + letters[i + 1]!);
      found.set(pair, { word: pair, prefix: false, forgiving: false });
    }
  }
  return [...found.values()].slice(0, mostTerms);
}

/** Whether a typo in such a word can be forgiven: the vocabulary keeps these. */
export function isVocabulary(word: string): boolean {
  return word.length >= 4 && word.length <= 32 && /^\p{L}+$/u.test(word);
}

/** The groups of three neighbours of a word, its edges included. */
export function trigrams(word: string): string[] {
  const padded = [...`  ${word} `];
  const found = new Set<string>();
  for (let i = 0; i + 2 < padded.length; i++) found.add(padded.slice(i, i + 3).join(''));
  return [...found];
}

/** How many letters one has to add, drop, change or swap with a neighbour to make `b` of `a`; past `most`, `most + 1`. */
export function typos(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length]!, most + 1);
}
