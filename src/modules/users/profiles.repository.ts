import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { InvestorProfileRecord } from './entities/investor-profile.entity.js';
import { StartupProfileRecord } from './entities/startup-profile.entity.js';
import { User } from './entities/user.entity.js';

/** The columns of an account that its owner changes freely. */
export type ProfileColumns = Pick<
  User,
  | 'firstName'
  | 'lastName'
  | 'about'
  | 'birthDate'
  | 'birthDateVisible'
  | 'locale'
  | 'timeZone'
  | 'signature'
  | 'signatureUrl'
  | 'avatarUrl'
  | 'profileCompleted'
>;

/** The SQL of what people tell of themselves. Whoever changes a profile holds the lock of its account. */
@Injectable()
export class ProfilesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async startup(userId: string, manager: EntityManager = this.dataSource.manager): Promise<StartupProfileRecord | null> {
    return manager.findOneBy(StartupProfileRecord, { userId });
  }

  async investor(userId: string, manager: EntityManager = this.dataSource.manager): Promise<InvestorProfileRecord | null> {
    return manager.findOneBy(InvestorProfileRecord, { userId });
  }

  async insertStartup(manager: EntityManager, profile: StartupProfileRecord): Promise<void> {
    await manager.insert(StartupProfileRecord, profile);
  }

  async insertInvestor(manager: EntityManager, profile: InvestorProfileRecord): Promise<void> {
    await manager.insert(InvestorProfileRecord, profile);
  }

  async replaceStartup(manager: EntityManager, profile: StartupProfileRecord): Promise<void> {
    await manager.upsert(StartupProfileRecord, profile, ['userId']);
  }

  async replaceInvestor(manager: EntityManager, profile: InvestorProfileRecord): Promise<void> {
    await manager.upsert(InvestorProfileRecord, profile, ['userId']);
  }

  /** Changes the given columns and no others. */
  async change(manager: EntityManager, userId: string, columns: Partial<ProfileColumns>): Promise<void> {
    if (Object.keys(columns).length > 0) await manager.update(User, { id: userId }, columns);
  }
}
