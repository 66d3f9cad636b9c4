/** How often something may happen, at RATE_LIMIT_SCALE 1. `points` per `duration` seconds. */
interface Limit {
  points: number;
  duration: number;
}

/**
 * Every named limit. `address` is the caller's network address (an IPv6 caller counts by its /64), `account` what was typed to name an
 * account: limits on an account count unknown ones alike, so that they tell nothing.
 */
export const limits = {
  /** Any REST call, per person; without one, per address. */
  rest: { points: 2400, duration: 60 },
  'login:account-and-address': { points: 10, duration: 60 },
  'login:address': { points: 100, duration: 60 },
  'register:address': { points: 60, duration: 60 },
  /** Tries of activation codes and of the tokens in mailed links. */
  'code:address': { points: 60, duration: 60 },
  'resend:address': { points: 30, duration: 60 },
  'password-reset:address': { points: 30, duration: 60 },
  'password-reset:account': { points: 5, duration: 3600 },
  /** Uploads of files, whatever they are for. */
  'upload:person': { points: 60, duration: 60 },
  /** Friend requests that are new. */
  'friend-request:person': { points: 100, duration: 86_400 },
  'people-search:person': { points: 120, duration: 60 },
  /** Changes of one's own profile and username. */
  'profile:person': { points: 60, duration: 60 },
  'username-suggestions:person': { points: 60, duration: 60 },
  /** Tries of the current password by somebody who is logged in. */
  'password-check:person': { points: 10, duration: 600 },
  /** Looking at invitations, and accepting them: nobody guesses 256 bits, but nobody shall try for free either. */
  'invitation:address': { points: 60, duration: 60 },
  'invitation:person': { points: 30, duration: 60 },
  /** Publishing and changing posts. */
  'post:person': { points: 60, duration: 3600 },
  'comment:person': { points: 60, duration: 60 },
  /** Likes and emojis on posts and comments. */
  'mark:person': { points: 300, duration: 60 },
  'report:person': { points: 60, duration: 3600 },
  /** Archives of one's own data that are begun. */
  'export:person': { points: 5, duration: 86_400 },
  'search:person': { points: 120, duration: 60 },
  'socket-ticket:person': { points: 60, duration: 60 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
