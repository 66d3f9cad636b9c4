import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Me } from '../../contracts/index.js';
import { toAccount } from './user-accounts.js';
import { UsersRepository } from './users.repository.js';

/** What people read about themselves. */
@Injectable()
export class UsersService {
  constructor(private readonly users: UsersRepository) {}

  /** @throws AppError `auth.token-invalid` when the account is gone */
  async me(userId: string): Promise<Me> {
    const user = await this.users.byId(userId);
    if (!user) throw new AppError('auth.token-invalid');
    return {
      ...toAccount(user),
      firstName: user.firstName,
      lastName: user.lastName,
      locale: user.locale,
      createdAt: user.createdAt.toISOString(),
      ...(user.accountType === 'startup' ? { startup: await this.startup(userId) } : {}),
      ...(user.accountType === 'investor' ? { investor: await this.investor(userId) } : {}),
    };
  }

  private async startup(userId: string): Promise<Me['startup']> {
    const profile = await this.users.startupProfile(userId);
    if (!profile) return undefined;
    const { companyName, industry, stage, website, pitch } = profile;
    return { companyName, industry, stage, website, pitch };
  }

  private async investor(userId: string): Promise<Me['investor']> {
    const profile = await this.users.investorProfile(userId);
    if (!profile) return undefined;
    const { organization, interests, ticketMin, ticketMax, website } = profile;
    return { organization, interests, ticketMin, ticketMax, website };
  }
}
