/** Why a WebSocket was closed by the server. 1002 and 1007 come from the protocol itself. */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  frameTooLarge: 1009,
  restarting: 1012,
  badFrames: 4400,
  authentication: 4401,
  forbidden: 4403,
  noSuchRoom: 4404,
  tooSlow: 4408,
  sessionRevoked: 4410,
  tokenExpired: 4411,
  tooManyRequests: 4429,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/** After these a Socket.IO client reconnects by itself (the transport is closed); after the others it is disconnected for good. */
export const reconnectableCloseCodes: ReadonlySet<number> = new Set([
  closeCodes.restarting,
  closeCodes.tooSlow,
  closeCodes.tooManyRequests,
]);
