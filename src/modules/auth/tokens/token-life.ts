const day = 86_400;

/** Seconds by which clocks of nodes may differ: a token counts that much longer. */
export const clockLeeway = 5;

/**
 * Seconds that any access token of a session may still be valid after the session ended. ACCESS_TOKEN_TTL is a day at most, and so are the
 * tokens that commands sign.
 */
export const tokenLifeAtMost: number = day + 60;
