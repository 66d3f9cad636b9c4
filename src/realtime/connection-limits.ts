import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Connection } from './connection.js';

const perPerson = 50;
const perAddress = 500;

/** How many sockets a person and an address may have open at once. */
@Injectable()
export class ConnectionLimits {
  private readonly open = new Map<string, number>();
  private readonly keys = new WeakMap<Connection, string[]>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Counts a socket in. @throws AppError `rate.limited` */
  take(connection: Connection, address: string): void {
    const { principal } = connection;
    const bounds: [string, number][] = [[`address:${address}`, perAddress]];
    if (principal.kind === 'person') bounds.push([`person:${principal.userId}`, perPerson]);
    if (this.settings.rateLimits) {
      for (const [key, bound] of bounds) {
        if ((this.open.get(key) ?? 0) >= bound * this.settings.rateLimitScale) throw new AppError('rate.limited', { retryAfter: 30 });
      }
    }
    const keys = bounds.map(([key]) => key);
    for (const key of keys) this.open.set(key, (this.open.get(key) ?? 0) + 1);
    this.keys.set(connection, keys);
  }

  /** Counts a socket out, once. */
  give(connection: Connection): void {
    for (const key of this.keys.get(connection) ?? []) {
      const left = (this.open.get(key) ?? 1) - 1;
      if (left > 0) this.open.set(key, left);
      else this.open.delete(key);
    }
    this.keys.delete(connection);
  }
}
