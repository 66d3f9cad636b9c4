import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../../database/index.js';
import { NotificationWriter } from './notification-writer.js';
import { NotificationsRepository } from './notifications.repository.js';

/** Takes a person whose account goes out of everybody's notifications; their own hang on the account and go with it. */
@Injectable()
export class NotificationErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly writer: NotificationWriter,
    private readonly repository: NotificationsRepository,
  ) {}

  /** One transaction for each of the others; looks at every notification. May be done again. */
  async person(userId: string): Promise<void> {
    for (const readerId of await this.repository.readersOfActor(userId))
      await inTransaction(this.dataSource, async (manager) => this.writer.forgetActor(manager, readerId, userId));
    await this.repository.forgetAnnouncer(userId);
  }
}
