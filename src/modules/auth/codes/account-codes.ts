import { createHmac, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { deriveKey, hashToken, newToken, sameBytes } from '../../../common/keys.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { AccountCodesRepository, type CodePurpose } from './account-codes.repository.js';

/** Minutes that a mailed code, and hours or minutes that a mailed link is good for. */
export const codeMinutes = 15;
export const activationLinkMinutes = 24 * 60;
export const resetLinkMinutes = 30;

/**
 * Mailed codes and links. Of either only a hash is stored: of the link's 256 random bits a plain one, of the six digits a keyed one, which
 * says nothing without the server's secret. Each account has at most one live pair per purpose; a new one ends the old.
 */
@Injectable()
export class AccountCodes {
  private readonly key: Buffer;

  constructor(
    private readonly codes: AccountCodesRepository,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.key = deriveKey(settings.jwtAccessSecret, 'account-codes');
  }

  /** A code and a link token that activate an account; the older ones are dead. The link lives as long as the account waits. */
  async issueActivation(manager: EntityManager, userId: string): Promise<{ code: string; token: string }> {
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const token = newToken();
    await this.codes.replace(manager, {
      userId,
      purpose: 'activation',
      linkHash: hashToken(token),
      linkMinutes: activationLinkMinutes,
      code: { hash: this.codeHash('activation', userId, code), minutes: codeMinutes },
    });
    return { code, token };
  }

  /** A link token that sets a new password; the older one is dead. */
  async issuePasswordReset(manager: EntityManager, userId: string): Promise<string> {
    const token = newToken();
    await this.codes.replace(manager, {
      userId,
      purpose: 'password-reset',
      linkHash: hashToken(token),
      linkMinutes: resetLinkMinutes,
      code: null,
    });
    return token;
  }

  /**
   * Counts a try and says whether the code was right; then it is used up, and its link with it. The caller must commit in either case, or
   * the try was free. For a `userId` of nobody it takes the same steps and is never right.
   */
  async useCode(manager: EntityManager, purpose: CodePurpose, userId: string, code: string): Promise<boolean> {
    const given = this.codeHash(purpose, userId, code);
    const stored = await this.codes.countTry(manager, userId, purpose);
    if (!stored || !sameBytes(stored, given)) return false;
    await this.codes.remove(manager, userId, purpose);
    return true;
  }

  /** Uses up a link and its code. @returns whose it was, or null for one that is not good (any more) */
  async useLink(manager: EntityManager, purpose: CodePurpose, token: string): Promise<string | null> {
    return this.codes.takeLink(manager, purpose, hashToken(token));
  }

  /** Whose link it is and the seconds that it has left, without using it; null for one that is not good. */
  async peekLink(manager: EntityManager, purpose: CodePurpose, token: string): Promise<{ userId: string; secondsLeft: number } | null> {
    return this.codes.peekLink(manager, purpose, hashToken(token));
  }

  /** Ends the link of an account, if there is one. */
  async revoke(manager: EntityManager, purpose: CodePurpose, userId: string): Promise<void> {
    await this.codes.remove(manager, userId, purpose);
  }

  private codeHash(purpose: CodePurpose, userId: string, code: string): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}\n${userId}\n${code}`, 'utf8').digest();
  }
}
