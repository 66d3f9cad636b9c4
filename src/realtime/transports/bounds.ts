/** The largest frame or request that a socket may send, in bytes; past it 1009. */
export const maxFrameBytes = 64 * 1024;

/** What may wait for a socket that reads too slowly, in bytes; past it 4408. */
export const maxWaitingBytes = 1024 * 1024;

/** Commands of one socket that may be under way at once; past it `rate.limited`. */
export const maxInFlight = 200;

/** How long a handshake may take, from the request to a known sender, in ms. */
export const handshakeDeadline = 5_000;

/** How long a message may take from its first byte to its last, in ms; then the connection is cut. */
export const messageDeadline = 30_000;

/** How long the other side may take to answer a close, in ms; then the connection is cut. */
export const closeTimeout = 10_000;
