export { Draining } from './draining.js';
export { sessionCookie } from './handshake.js';
export { WsJwtGuard } from './socket-io/ws-jwt.guard.js';
export { TransportMetrics } from './transport-metrics.js';
export { TransportsModule, useTransports } from './transports.module.js';
