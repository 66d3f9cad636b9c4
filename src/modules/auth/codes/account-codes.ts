import { createHmac, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { deriveKey, hashToken, newToken, sameBytes } from '../../../common/keys.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { AccountCodesRepository, type CodePurpose, type UsedCode } from './account-codes.repository.js';

/** Minutes that a mailed code, and hours or minutes that a mailed link is good for. */
export const codeMinutes = 15;
export const activationLinkMinutes = 24 * 60;
export const resetLinkMinutes = 30;
/** The same for changes of an account that is in use (ASVS 6.5.5 asks for ten minutes at most). */
export const changeCodeMinutes = 10;
export const emailLinkMinutes = 60;

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
    const code = newCode();
    const token = newToken();
    await this.codes.replace(manager, {
      userId,
      purpose: 'activation',
      link: { hash: hashToken(token), minutes: activationLinkMinutes },
      code: { hash: this.codeHash('activation', userId, code), minutes: codeMinutes },
    });
    return { code, token };
  }

  /** A code and a link token that make `newEmail` the address of an account; the older ones are dead. */
  async issueEmailChange(manager: EntityManager, userId: string, newEmail: string): Promise<{ code: string; token: string }> {
    const code = newCode();
    const token = newToken();
    await this.codes.replace(manager, {
      userId,
      purpose: 'email-change',
      link: { hash: hashToken(token), minutes: emailLinkMinutes },
      code: { hash: this.codeHash('email-change', userId, code), minutes: changeCodeMinutes },
      newEmail,
    });
    return { code, token };
  }

  /** A code that makes the password of `newPasswordHash` the one of an account; the older one is dead. */
  async issuePasswordChange(manager: EntityManager, userId: string, newPasswordHash: string): Promise<string> {
    const code = newCode();
    await this.codes.replace(manager, {
      userId,
      purpose: 'password-change',
      link: null,
      code: { hash: this.codeHash('password-change', userId, code), minutes: changeCodeMinutes },
      newPasswordHash,
    });
    return code;
  }

  /** A link token that sets a new password; the older one is dead. */
  async issuePasswordReset(manager: EntityManager, userId: string): Promise<string> {
    const token = newToken();
    await this.codes.replace(manager, {
      userId,
      purpose: 'password-reset',
      link: { hash: hashToken(token), minutes: resetLinkMinutes },
      code: null,
    });
    return token;
  }

  /**
   * Counts a try. A code that was right is used up, and its link with it. The caller must commit in either case, or the try was free. For a
   * `userId` of nobody it takes the same steps and is never right.
   * @returns what the code was for; null when it was wrong or is not good (any more)
   */
  async useCode(manager: EntityManager, purpose: CodePurpose, userId: string, code: string): Promise<UsedCode | null> {
    const given = this.codeHash(purpose, userId, code);
    const stored = await this.codes.countTry(manager, userId, purpose);
    if (!stored || !sameBytes(stored.hash, given)) return null;
    await this.codes.remove(manager, userId, [purpose]);
    return stored.used;
  }

  /** Uses up a link and its code. @returns whose it was and what for, or null for one that is not good (any more) */
  async useLink(manager: EntityManager, purpose: CodePurpose, token: string): Promise<UsedCode | null> {
    return this.codes.takeLink(manager, purpose, hashToken(token));
  }

  /** Whose link it is and the seconds that it has left, without using it; null for one that is not good. */
  async peekLink(manager: EntityManager, purpose: CodePurpose, token: string): Promise<{ userId: string; secondsLeft: number } | null> {
    return this.codes.peekLink(manager, purpose, hashToken(token));
  }

  /** Ends the codes and links of an account for some purposes, if there are any. */
  async revoke(manager: EntityManager, userId: string, ...purposes: CodePurpose[]): Promise<void> {
    await this.codes.remove(manager, userId, purposes);
  }

  private codeHash(purpose: CodePurpose, userId: string, code: string): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}\n${userId}\n${code}`, 'utf8').digest();
  }
}

function newCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}
