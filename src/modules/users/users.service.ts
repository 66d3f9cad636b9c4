import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Me } from '../../contracts/index.js';
import type { User } from './entities/user.entity.js';
import { ProfilesRepository } from './profiles.repository.js';
import { toAccount } from './user-accounts.js';
import { daysBetweenChanges } from './usernames.repository.js';
import { UsersRepository } from './users.repository.js';

/** What a person shows to everybody. */
export type PublicProfile = Pick<
  Me,
  | 'id'
  | 'username'
  | 'displayName'
  | 'avatarUrl'
  | 'firstName'
  | 'lastName'
  | 'about'
  | 'accountType'
  | 'startup'
  | 'investor'
  | 'createdAt'
> & {
  /** Null unless its owner shows it. */
  birthDate: string | null;
  /** The picture that its owner signs with; null for who signs by name. */
  signatureUrl: string | null;
};

/** What people read about themselves, and what others may read about them. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
  ) {}

  /** @throws AppError `auth.token-invalid` when the account is gone */
  async me(userId: string): Promise<Me> {
    const user = await this.users.byId(userId);
    if (!user) throw new AppError('auth.token-invalid');
    return {
      ...toAccount(user),
      firstName: user.firstName,
      lastName: user.lastName,
      about: user.about,
      birthDate: user.birthDate,
      birthDateVisible: user.birthDateVisible,
      locale: user.locale,
      timeZone: user.timeZone,
      signature: user.signature,
      signatureUrl: user.signatureUrl,
      profileCompleted: user.profileCompleted,
      usernameChangeableAt: changeableAt(user),
      createdAt: user.createdAt.toISOString(),
      ...(await this.record(user)),
    };
  }

  /** The profile of an active person; null when there is none. */
  async publicProfile(userId: string): Promise<PublicProfile | null> {
    const user = await this.users.byId(userId);
    if (user?.status !== 'active') return null;
    const { id, username, displayName, avatarUrl, accountType } = toAccount(user);
    return {
      id,
      username,
      displayName,
      avatarUrl,
      firstName: user.firstName,
      lastName: user.lastName,
      about: user.about,
      birthDate: user.birthDateVisible ? user.birthDate : null,
      signatureUrl: user.signature === 'image' ? user.signatureUrl : null,
      accountType,
      createdAt: user.createdAt.toISOString(),
      ...(await this.record(user)),
    };
  }

  /** The record of the account's type. */
  private async record({ id, accountType }: User): Promise<Pick<Me, 'startup' | 'investor'>> {
    if (accountType === 'startup') {
      const profile = await this.profiles.startup(id);
      if (!profile) return {};
      const { companyName, industry, stage, website, pitch } = profile;
      return { startup: { companyName, industry, stage, website, pitch } };
    }
    const profile = accountType === 'investor' ? await this.profiles.investor(id) : null;
    if (!profile) return {};
    const { organization, interests, ticketMin, ticketMax, website } = profile;
    return { investor: { organization, interests, ticketMin, ticketMax, website } };
  }
}

function changeableAt({ usernameChangedAt }: User): string | null {
  if (!usernameChangedAt) return null;
  const at = usernameChangedAt.getTime() + daysBetweenChanges * 86_400_000;
  return at > Date.now() ? new Date(at).toISOString() : null;
}
