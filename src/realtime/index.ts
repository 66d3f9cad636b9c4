/** What features may use of the realtime part. */
export { type Answer, CommandRegistry, type CommandHandler, type CommandResult } from './registry.js';
export { Publisher } from './publisher.js';
export { RoomPresence } from './presence/room-presence.js';
export { OnlineCount } from './presence/online-count.js';
export { RealtimeMetrics } from './realtime-metrics.js';
export { RealtimeModule } from './realtime.module.js';
export {
  Ports,
  SOCKET_AUTHENTICATOR,
  type BlockList,
  type RoomAccess,
  type RoomHead,
  type RoomLog,
  type RoomSlice,
  type SocketAuthenticator,
  type SocketCredential,
} from './ports.js';
export { BROKER, type Broker, type PushOrigin, type RoomChange, type RoomPush } from './broker/broker.js';
export { Topics } from './topics.js';
export type { Connection } from './connection.js';
