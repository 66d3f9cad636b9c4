import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../common/app-error.js';
import { deriveKey, sameBytes } from '../../../common/keys.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { apiPrefix } from '../../../contracts/index.js';

/** Seconds in which a download must begin. */
const addressLife = 300;

/** Addresses that give one archive to whoever has them, for a short time: what a browser's download needs, which sends no token. */
@Injectable()
export class ExportAddresses {
  private readonly key: Buffer;
  private readonly base: string;

  constructor(@Inject(SETTINGS) settings: Pick<Settings, 'jwtAccessSecret' | 'publicUrl'>) {
    this.key = deriveKey(settings.jwtAccessSecret, 'export-address');
    this.base = settings.publicUrl + apiPrefix;
  }

  /** @param now ms since 1970 */
  make(exportId: string, now = Date.now()): { url: string; expiresAt: string } {
    const expires = Math.floor(now / 1000) + addressLife;
    const query = new URLSearchParams({ expires: String(expires), signature: this.sign(exportId, expires).toString('base64url') });
    return { url: `${this.base}/exports/${exportId}/archive?${query.toString()}`, expiresAt: new Date(expires * 1000).toISOString() };
  }

  /** @throws AppError `file.address-invalid` for one that was changed, was never made, or is over */
  check(exportId: string, { expires, signature }: { expires: string; signature: string }, now = Date.now()): void {
    const right = sameBytes(this.sign(exportId, Number(expires)), Buffer.from(signature, 'base64url'));
    if (!right || Number(expires) * 1000 < now) throw new AppError('file.address-invalid');
  }

  private sign(exportId: string, expires: number): Buffer {
    return createHmac('sha256', this.key).update(`${exportId}\n${expires}`).digest();
  }
}
