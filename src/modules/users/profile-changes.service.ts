import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { invalidFields } from '../../common/parse.js';
import { isInvisible, type ProfileChanges } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import type { InvestorProfileRecord } from './entities/investor-profile.entity.js';
import type { StartupProfileRecord } from './entities/startup-profile.entity.js';
import type { User } from './entities/user.entity.js';
import { type ProfileColumns, ProfilesRepository } from './profiles.repository.js';
import { UserAnnouncements } from './user-announcements.js';
import { displayNameOf } from './user-card.js';
import { UsersRepository } from './users.repository.js';

/** What people change of their own profile: what they do not name stays, null clears. */
@Injectable()
export class ProfileChangesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly announcements: UserAnnouncements,
  ) {}

  /**
   * All of the changes or none.
   * @throws AppError `request.invalid` for fields of another account type and tickets that contradict each other, `user.signature-missing`,
   *   `auth.token-invalid` when the account is gone
   */
  async update(userId: string, changes: ProfileChanges): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const user = await this.users.lockById(userId, manager);
      if (!user) throw new AppError('auth.token-invalid');
      assertOwnType(user, changes);
      const columns = columnsOf(changes);
      if (columns.signature === 'image' && user.signatureUrl === null) throw new AppError('user.signature-missing');
      await this.profiles.change(manager, userId, columns);
      if (changes.startup) await this.changeStartup(manager, userId, changes.startup);
      if (changes.investor) await this.changeInvestor(manager, userId, changes.investor);
      if (displayNameOf({ ...user, ...columns }) !== displayNameOf(user)) this.announcements.seenAnew(manager, userId);
      else if (columns.firstName !== undefined || columns.locale !== undefined) this.announcements.changed(manager, userId);
    });
  }

  private async changeStartup(manager: EntityManager, userId: string, changes: NonNullable<ProfileChanges['startup']>): Promise<void> {
    const empty: StartupProfileRecord = { userId, companyName: null, industry: null, stage: null, website: null, pitch: null };
    const known = (await this.profiles.startup(userId, manager)) ?? empty;
    await this.profiles.replaceStartup(manager, { ...known, ...named(changes) });
  }

  private async changeInvestor(
    manager: EntityManager,
    userId: string,
    { interests, ...changes }: NonNullable<ProfileChanges['investor']>,
  ): Promise<void> {
    const empty: InvestorProfileRecord = { userId, organization: null, interests: [], ticketMin: null, ticketMax: null, website: null };
    const known = (await this.profiles.investor(userId, manager)) ?? empty;
    const next = { ...known, ...named(changes), ...(interests === undefined ? {} : { interests: interests ?? [] }) };
    if (next.ticketMin !== null && next.ticketMax !== null && next.ticketMin > next.ticketMax) {
      throw invalidFields([{ field: 'investor.ticketMax', code: 'format', message: 'must not be below ticketMin' }]);
    }
    await this.profiles.replaceInvestor(manager, next);
  }
}

function assertOwnType({ accountType }: User, changes: ProfileChanges): void {
  const foreign = (['startup', 'investor'] as const).filter((type) => changes[type] !== undefined && type !== accountType);
  if (foreign.length === 0) return;
  throw invalidFields(foreign.map((type) => ({ field: type, code: 'unknown', message: `belongs to accounts of the type ${type}` })));
}

function columnsOf(changes: ProfileChanges): Partial<ProfileColumns> {
  const { firstName, lastName, about, startup: _startup, investor: _investor, ...rest } = changes;
  return named({
    ...rest,
    firstName: firstName === null ? '' : firstName,
    lastName: lastName === null ? '' : lastName,
    about: about !== undefined && about !== null && isInvisible(about) ? null : about,
    // Whoever told a name has seen what the first-visit dialog asks for.
    profileCompleted: changes.profileCompleted ?? (firstName || lastName ? true : undefined),
  });
}

type Named<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what was not named. */
function named<T extends object>(changes: T): Named<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Named<T>;
}
