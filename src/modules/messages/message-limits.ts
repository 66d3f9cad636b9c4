import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { TokenBucket } from '../../platform/rate-limit/index.js';
import { OnlineCount } from '../../realtime/index.js';
import { Voice } from '../users/index.js';

/** Messages and changes of messages per person, over all of their sockets and REST; who has sockets on several nodes has a share of it on each. */
const messagesPerSecond = 20;
const messageBurst = 100;

/** What may be written, and how often, whatever the room says. */
@Injectable()
export class MessageLimits {
  private readonly bucket: TokenBucket | null;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly voice: Voice,
    private readonly online: OnlineCount,
  ) {
    const scale = settings.rateLimitScale;
    this.bucket = settings.rateLimits
      ? new TokenBucket({ ratePerSecond: messagesPerSecond * scale, burst: Math.max(1, messageBurst * scale) })
      : null;
  }

  /** @throws AppError `user.muted`; `rate.limited` with the seconds to wait; `message.slash-command`, so that no secret is posted by mistake */
  admit(person: Person, content = ''): void {
    this.voice.require(person.userId);
    const wait = this.bucket?.take(person.userId, undefined, this.online.nodesOf(person.userId)) ?? 0;
    if (wait > 0) throw new AppError('rate.limited', { retryAfter: wait });
    if (content.startsWith('/pm ')) throw new AppError('message.slash-command');
  }
}
