import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { CommandName } from '../contracts/index.js';
import { AppError } from '../common/app-error.js';
import { TokenBucket } from '../platform/rate-limit/index.js';
import type { Connection } from './connection.js';
import { OnlineCount } from './presence/online-count.js';

/** Commands of any kind per person, over all of their sockets, and per socket of a guest: enough for anybody, too few for a flood. */
const commandsPerSecond = 100;
const commandBurst = 400;

/** Limits every command that comes over a socket. More sockets are no more commands, on several nodes neither: each grants a person its share. What single features limit beyond that (messages per person) stands with them. */
@Injectable()
export class CommandLimits {
  private readonly bucket: TokenBucket | null;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly online: OnlineCount,
  ) {
    const scale = settings.rateLimitScale;
    this.bucket = settings.rateLimits
      ? new TokenBucket({ ratePerSecond: commandsPerSecond * scale, burst: Math.max(1, commandBurst * scale) })
      : null;
  }

  /** @throws AppError `rate.limited` with the seconds to wait */
  check(connection: Connection, _command: CommandName | undefined): void {
    const { principal } = connection;
    const wait =
      (principal.kind === 'person'
        ? this.bucket?.take(principal.userId, undefined, this.online.nodesOf(principal.userId))
        : this.bucket?.take(connection.id)) ?? 0;
    if (wait > 0) throw new AppError('rate.limited', { retryAfter: wait });
  }
}
