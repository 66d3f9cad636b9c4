import { createHash } from 'node:crypto';

/** Random numbers that come again with the same seed. One seed serves a whole run; what failed is printed with it (TEST_SEED). */
export interface SeededRandom {
  readonly seed: string;
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** @param name of the test, so that tests of one run differ */
export function seededRandom(name: string): SeededRandom {
  const seed = process.env['TEST_SEED'];
  if (!seed) throw new Error('jest.config.js gives every run a TEST_SEED.');
  let counter = 0;
  const next = () => createHash('sha256').update(`${seed} ${name} ${counter++}`).digest().readUInt32BE(0) / 2 ** 32;
  const below = (bound: number) => Math.floor(next() * bound);
  return { seed, below, chance: (probability) => next() < probability, pick: (items) => items[below(items.length)]! };
}
