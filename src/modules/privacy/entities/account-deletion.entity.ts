import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that will be erased. The row goes with the account, as the last thing of it. */
@Entity('account_deletions')
export class AccountDeletionEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  /** What becomes of messages and comments. */
  @Column('varchar', { length: 5 })
  messages!: 'keep' | 'erase';

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  @Column('timestamptz', { name: 'erase_after' })
  eraseAfter!: Date;

  @Column('timestamptz', { name: 'reminded_at', nullable: true })
  remindedAt!: Date | null;

  /** From then on there is no way back. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  /** Until then one node works on it. */
  @Column('timestamptz', { name: 'locked_until', nullable: true })
  lockedUntil!: Date | null;
}
