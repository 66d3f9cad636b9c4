import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { isVocabulary, type Term, trigrams, typos } from './words.js';

/** Words that memory knows to be stored; past it they are all asked about again. */
const remembered = 200_000;
/** Words that are tried instead of one that nobody wrote. */
const mostGuesses = 5;
/** Stored words that are looked at for one that nobody wrote, the most alike first. */
const candidates = 60;

/** The words that were ever written here, so that a slip of the finger finds what was meant. */
@Injectable()
export class Vocabulary {
  private known = new Set<string>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Keeps new words. */
  async learn(manager: EntityManager, words: Iterable<string>): Promise<void> {
    const fresh = [...new Set(words)].filter((word) => !this.known.has(word) && isVocabulary(word)).sort();
    if (fresh.length === 0) return;
    await manager.query(
      `INSERT INTO search_words (word, trigrams)
       SELECT n.word, ARRAY(SELECT jsonb_array_elements_text(n.trigrams)) FROM jsonb_to_recordset($1::jsonb) AS n(word text, trigrams jsonb)
       ORDER BY n.word ON CONFLICT DO NOTHING`,
      [JSON.stringify(fresh.map((word) => ({ word, trigrams: trigrams(word) })))],
    );
    if (this.known.size + fresh.length > remembered) this.known = new Set();
    for (const word of fresh) this.known.add(word);
  }

  /** What a term may mean: itself, and when nobody ever wrote a word that begins so, the words most like it. */
  async meanings(term: Term): Promise<string[]> {
    if (!term.forgiving) return [term.word];
    const written = await this.dataSource.query<unknown[]>('SELECT 1 FROM search_words WHERE word LIKE $1 LIMIT 1', [`${term.word}%`]);
    if (written.length > 0) return [term.word];
    const alike = await this.dataSource.query<{ word: string }[]>(
      `SELECT word FROM search_words WHERE trigrams && $1::text[]
       ORDER BY (SELECT count(*) FROM unnest(trigrams) g WHERE g = ANY($1::text[])) DESC, abs(length(word) - $2) LIMIT $3`,
      [trigrams(term.word), term.word.length, candidates],
    );
    const most = term.word.length >= 8 ? 2 : 1;
    const near = alike
      .map(({ word }) => ({ word, distance: typos(term.word, word, most) }))
      .filter(({ distance }) => distance <= most)
      .sort((a, b) => a.distance - b.distance);
    return [term.word, ...near.slice(0, mostGuesses).map(({ word }) => word)];
  }

  /** Forgets words that are in no text any more, some at a time. @returns how many words were looked at, from where to go on */
  async forget(after: string, limit: number): Promise<{ looked: number; last: string }> {
    const rows = await this.dataSource.query<{ word: string }[]>(`SELECT word FROM search_words WHERE word > $1 ORDER BY word LIMIT $2`, [
      after,
      limit,
    ]);
    await this.forgetWords(rows.map((row) => row.word));
    return { looked: rows.length, last: rows.at(-1)?.word ?? '' };
  }

  /** Forgets those of these words that are in no text any more. */
  async forgetWords(words: readonly string[]): Promise<void> {
    const gone = await this.dataSource.query<{ word: string }[]>(
      `WITH gone AS (DELETE FROM search_words w WHERE w.word = ANY($1::text[])
         AND NOT EXISTS (SELECT FROM message_words m WHERE m.words @@ quote_literal(w.word)::tsquery)
         AND NOT EXISTS (SELECT FROM document_words d WHERE d.words @@ quote_literal(w.word)::tsquery) RETURNING w.word)
       SELECT word FROM gone`,
      [words],
    );
    for (const { word } of gone) this.known.delete(word);
  }
}
