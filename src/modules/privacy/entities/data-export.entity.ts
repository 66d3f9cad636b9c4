import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An archive of a person's own data: being made, kept for a while, or (`removing`) on its way out of the storage. */
@Entity('data_exports')
export class DataExportEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('varchar', { length: 8 })
  status!: 'waiting' | 'running' | 'ready' | 'failed' | 'removing';

  /** Percent. */
  @Column('smallint', { default: 0 })
  progress!: number;

  @Column('smallint', { default: 0 })
  attempts!: number;

  /** How many objects of the storage one attempt has made at most. */
  @Column('integer', { default: 0 })
  parts!: number;

  /** Of the whole archive; bigint, hence a string. */
  @Column('bigint', { nullable: true })
  bytes!: string | null;

  /** Until then one node works on it; one that dies leaves it to the others at that moment. */
  @Column('timestamptz', { name: 'locked_until', nullable: true })
  lockedUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'ready_at', nullable: true })
  readyAt!: Date | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
