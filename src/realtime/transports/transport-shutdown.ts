import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Connections } from '../connections.js';
import { LegacyReceipts } from '../legacy/receipts.js';
import { UpgradeRouter } from './plain-ws/upgrade-router.js';

/** How long sockets may take to answer the close, in ms. */
const patience = 1_000;

/** Ends the sockets when the server stops, and keeps what old pages received, while the database is still there. */
@Injectable()
export class TransportShutdown implements BeforeApplicationShutdown {
  constructor(
    private readonly connections: Connections,
    private readonly upgrades: UpgradeRouter,
    private readonly receipts: LegacyReceipts,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.connections.drain();
    await this.receipts.flush();
    await this.upgrades.ended(patience);
    this.upgrades.terminateAll();
  }
}
