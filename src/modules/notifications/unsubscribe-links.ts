import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { deriveKey, sameBytes } from '../../common/keys.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { apiPrefix, unsubscribePath } from '../../contracts/index.js';

/** Links in mails that end these mails without a log-in. They work as long as the server's secret: a mail may be opened after years. */
@Injectable()
export class UnsubscribeLinks {
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl' | 'jwtAccessSecret'>) {
    this.key = deriveKey(settings.jwtAccessSecret, 'notification-unsubscribe');
  }

  link(userId: string): string {
    return `${this.settings.publicUrl}${apiPrefix}${unsubscribePath}?token=${this.token(userId)}`;
  }

  /** Whose token it is; null: it is none of ours. */
  read(token: string): string | null {
    const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(token);
    if (!match) return null;
    return sameBytes(Buffer.from(match[2]!, 'base64url'), this.sign(match[1]!)) ? match[1]! : null;
  }

  private token(userId: string): string {
    return `${userId}.${this.sign(userId).toString('base64url')}`;
  }

  private sign(userId: string): Buffer {
    return createHmac('sha256', this.key).update(userId, 'utf8').digest();
  }
}
