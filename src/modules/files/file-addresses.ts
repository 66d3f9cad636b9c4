import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { deriveKey, sameBytes } from '../../common/keys.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { apiPrefix } from '../../contracts/index.js';

/** Seconds that an address is good for. */
export const addressLife = 300;

/** Addresses that show one size of one file to whoever has them, for a short time. They know no person and no session. */
@Injectable()
export class FileAddresses {
  private readonly key: Buffer;
  private readonly base: string;

  constructor(@Inject(SETTINGS) settings: Pick<Settings, 'jwtAccessSecret' | 'publicUrl'>) {
    this.key = deriveKey(settings.jwtAccessSecret, 'file-address');
    this.base = settings.publicUrl + apiPrefix;
  }

  /** @param now ms since 1970 */
  make(fileId: string, size: string, now = Date.now()): { url: string; expiresAt: string } {
    const expires = Math.floor(now / 1000) + addressLife;
    const query = new URLSearchParams({
      size,
      expires: String(expires),
      signature: this.sign(fileId, size, expires).toString('base64url'),
    });
    return { url: `${this.base}/files/${fileId}/content?${query.toString()}`, expiresAt: new Date(expires * 1000).toISOString() };
  }

  /** @throws AppError `file.address-invalid` for one that was changed, was never made, or is over */
  check(fileId: string, { size, expires, signature }: { size: string; expires: string; signature: string }, now = Date.now()): void {
    const right = sameBytes(this.sign(fileId, size, Number(expires)), Buffer.from(signature, 'base64url'));
    if (!right || Number(expires) * 1000 < now) throw new AppError('file.address-invalid');
  }

  private sign(fileId: string, size: string, expires: number): Buffer {
    return createHmac('sha256', this.key).update(`${fileId}\n${size}\n${expires}`).digest();
  }
}
