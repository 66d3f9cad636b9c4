const firstMs = 5_000;
const longestMs = 3_600_000;

/**
 * The pause before a mail is tried again, in milliseconds: 5 s, 10 s, 20 s … up to an hour, each up to a quarter longer by chance, so that mails
 * that failed together do not come back together.
 * @param attempts how often it was tried, 1 or more
 * @param chance 0 to 1
 */
export function retryDelayMs(attempts: number, chance: number = Math.random()): number {
  const steps = Math.min(Math.max(attempts, 1) - 1, 20);
  return Math.min(firstMs * 2 ** steps * (1 + chance / 4), longestMs);
}
