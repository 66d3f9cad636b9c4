import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { caseKey } from '../../common/case-key.js';
import { newId } from '../../common/ids.js';
import type { Account } from '../../contracts/index.js';
import { isUniqueViolation } from '../../database/index.js';
import type { InternalEvents } from '../../platform/events/index.js';
import type { User } from './entities/user.entity.js';
import { ProfilesRepository } from './profiles.repository.js';
import { UserAnnouncements } from './user-announcements.js';
import { type AccountType, displayNameOf, type SiteRole, type UserLocale, type UserStatus } from './user-card.js';
import { usernameTaken } from './username-taken.js';
import { UsersRepository } from './users.repository.js';

/** An account as it is stored; for the module that logs people in. */
export type UserRecord = Readonly<User>;

export interface StartupDetails {
  companyName?: string | undefined;
  industry?: string | undefined;
  stage?: string | undefined;
  website?: string | undefined;
  pitch?: string | undefined;
}

export interface InvestorDetails {
  organization?: string | undefined;
  interests?: string[] | undefined;
  ticketMin?: number | undefined;
  ticketMax?: number | undefined;
  website?: string | undefined;
}

export type AccountDetails =
  { accountType: 'member' } | { accountType: 'startup'; profile: StartupDetails } | { accountType: 'investor'; profile: InvestorDetails };

export interface NewAccount {
  email: string;
  username: string;
  passwordHash: string;
  firstName: string;
  lastName: string;
  locale: UserLocale;
  details: AccountDetails;
  /** `inactive` waits for its activation, 24 hours. */
  status: Extract<UserStatus, 'inactive' | 'active'>;
  role?: SiteRole;
}

/**
 * Makes and changes accounts, inside of the caller's transaction. What others see of a person is announced as `user.changed` after the
 * commit. An inactive account past its 24 hours counts as gone everywhere.
 */
@Injectable()
export class UserAccounts {
  constructor(
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly announcements: UserAnnouncements,
  ) {}

  /** The same outside of the server, for commands; the data source must know `userEntities`. */
  static standalone(dataSource: DataSource, events: InternalEvents): UserAccounts {
    return new UserAccounts(new UsersRepository(dataSource), new ProfilesRepository(dataSource), new UserAnnouncements(events));
  }

  async byId(id: string, manager?: EntityManager): Promise<UserRecord | null> {
    return this.users.byId(id, manager);
  }

  async byEmail(email: string, manager?: EntityManager): Promise<UserRecord | null> {
    return this.users.byEmail(email, manager);
  }

  /** As `byId`; nobody else changes or removes the account until the transaction ends. Lock accounts before their codes and sessions. */
  async lockById(id: string, manager: EntityManager): Promise<UserRecord | null> {
    return this.users.lockById(id, manager);
  }

  /** As `byEmail`; nobody else changes or removes the account until the transaction ends. */
  async lockByEmail(email: string, manager: EntityManager): Promise<UserRecord | null> {
    return this.users.lockByEmail(email, manager);
  }

  async byUsername(username: string, manager?: EntityManager): Promise<UserRecord | null> {
    return this.users.byUsername(username, manager);
  }

  /**
   * Keeps a username for an address, whether or not an account comes of it: who asks twice learns nothing about the address.
   * @throws AppError `user.username-taken` when it belongs to an account, or waits for another address
   */
  async claimUsername(manager: EntityManager, username: string, email: string): Promise<void> {
    const usernameKey = caseKey(username);
    const emailKey = caseKey(email);
    const reserved = await this.users.reserveUsername(manager, usernameKey, emailKey);
    const holder = await this.users.byUsername(username, manager);
    if (!reserved || (holder && (holder.status !== 'inactive' || holder.emailKey !== emailKey))) throw usernameTaken();
  }

  /**
   * Makes an account in place of an inactive one of the same address.
   * @throws AppError `user.username-taken`
   */
  async create(manager: EntityManager, account: NewAccount): Promise<string> {
    const id = newId();
    const usernameKey = caseKey(account.username);
    const emailKey = caseKey(account.email);
    const { accountType } = account.details;
    await this.users.removeInactive(manager, usernameKey, emailKey);
    try {
      await this.users.insert(
        manager,
        {
          id,
          email: account.email,
          emailKey,
          username: account.username,
          usernameKey,
          passwordHash: account.passwordHash,
          role: account.role ?? 'user',
          accountType,
          status: account.status,
          firstName: account.firstName,
          lastName: account.lastName,
          locale: account.locale,
          profileCompleted: account.firstName !== '' || account.lastName !== '',
        },
        account.status === 'active',
      );
    } catch (error) {
      if (isUniqueViolation(error, 'uq_users_username_key')) throw usernameTaken();
      throw error;
    }
    await this.insertProfile(manager, id, account.details);
    return id;
  }

  /** @returns the account, active now, or null when it was not waiting for that */
  async activate(manager: EntityManager, userId: string): Promise<UserRecord | null> {
    if (!(await this.users.activate(manager, userId))) return null;
    this.announcements.changed(manager, userId);
    return this.users.byId(userId, manager);
  }

  /** @returns false when `expectedHash` is given and is not the stored one any more */
  async setPasswordHash(manager: EntityManager, userId: string, passwordHash: string, expectedHash?: string): Promise<boolean> {
    return this.users.setPasswordHash(manager, userId, passwordHash, expectedHash);
  }

  /**
   * Gives an account an address whose mails its owner has shown to read; an account that waits for its activation under that address is gone.
   * @returns false when another account has the address; the transaction must then be rolled back
   */
  async setEmail(manager: EntityManager, userId: string, email: string): Promise<boolean> {
    try {
      await this.users.setEmail(manager, userId, email);
      return true;
    } catch (error) {
      if (isUniqueViolation(error, 'uq_users_email_key')) return false;
      throw error;
    }
  }

  /** Shows a picture beside the name, or none. @param url relative address of its thumbnail */
  async setAvatarUrl(manager: EntityManager, userId: string, url: string | null): Promise<void> {
    await this.profiles.change(manager, userId, { avatarUrl: url });
    this.announcements.seenAnew(manager, userId);
  }

  /** The picture that a person may sign with; without one the name is the signature. */
  async setSignatureUrl(manager: EntityManager, userId: string, url: string | null): Promise<void> {
    await this.profiles.change(manager, userId, url === null ? { signatureUrl: null, signature: 'name' } : { signatureUrl: url });
  }

  /** Says until when a person may not write, and may not come in; null: may. */
  async setRestrictions(
    manager: EntityManager,
    userId: string,
    until: { mutedUntil: Date | null; suspendedUntil: Date | null },
  ): Promise<void> {
    await this.users.setRestrictions(manager, userId, until);
    this.announcements.changed(manager, userId);
  }

  /** Nobody can log in to the account or act in its name any more. Its sessions are the caller's to end. */
  async deactivate(manager: EntityManager, userId: string): Promise<void> {
    await this.users.deactivate(manager, userId);
    this.announcements.changed(manager, userId);
  }

  /** The active admins, whom nobody else changes until the transaction ends. */
  async lockAdmins(manager: EntityManager): Promise<string[]> {
    return this.users.lockAdmins(manager);
  }

  async setRole(manager: EntityManager, userId: string, role: SiteRole): Promise<void> {
    await this.users.setRole(manager, userId, role);
    this.announcements.changed(manager, userId);
  }

  /** Removes inactive accounts and reservations whose time is over. */
  async purge(): Promise<void> {
    await this.users.purge();
  }

  private async insertProfile(manager: EntityManager, userId: string, details: AccountDetails): Promise<void> {
    if (details.accountType === 'startup') {
      const { companyName = null, industry = null, stage = null, website = null, pitch = null } = details.profile;
      await this.profiles.insertStartup(manager, { userId, companyName, industry, stage, website, pitch });
    } else if (details.accountType === 'investor') {
      const { organization = null, interests = [], ticketMin = null, ticketMax = null, website = null } = details.profile;
      await this.profiles.insertInvestor(manager, { userId, organization, interests, ticketMin, ticketMax, website });
    }
  }
}

/** The signed-in person as told to themselves. */
export function toAccount(user: UserRecord): Account {
  const accountType: AccountType = user.accountType;
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    role: user.role,
    accountType,
    displayName: displayNameOf(user),
    avatarUrl: user.avatarUrl,
  };
}
