import { type INestApplication, Module } from '@nestjs/common';
import { LegacyReceipts } from '../legacy/receipts.js';
import { RECEIPT_STORE, SqlReceiptStore } from '../legacy/receipt-store.js';
import { Draining } from './draining.js';
import { Handshake } from './handshake.js';
import { Heartbeat } from './plain-ws/heartbeat.js';
import { ReceiptPings } from './plain-ws/receipt-pings.js';
import { UpgradeRouter } from './plain-ws/upgrade-router.js';
import { ChatGateway } from './socket-io/chat.gateway.js';
import { ParleyIoAdapter } from './socket-io/parley-io-adapter.js';
import { WsJwtGuard } from './socket-io/ws-jwt.guard.js';
import { TransportShutdown } from './transport-shutdown.js';

/** The two ways in for sockets. Plain WebSockets attach themselves while the application starts; Socket.IO needs `useTransports` before. */
@Module({
  providers: [
    ChatGateway,
    Draining,
    Handshake,
    Heartbeat,
    LegacyReceipts,
    ReceiptPings,
    TransportShutdown,
    UpgradeRouter,
    WsJwtGuard,
    { provide: RECEIPT_STORE, useClass: SqlReceiptStore },
  ],
  exports: [Draining, Handshake, LegacyReceipts, WsJwtGuard],
})
export class TransportsModule {}

/** Puts Socket.IO on the application's own HTTP server. Call before `init` or `listen`. */
export function useTransports(app: INestApplication): void {
  app.useWebSocketAdapter(new ParleyIoAdapter(app));
}
