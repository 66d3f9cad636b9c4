import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How many activation mails an address caused in its window of 24 hours; the address under a keyed hash. */
@Entity('mail_quotas')
@Index('ix_mail_quotas_window', ['windowStartedAt'])
export class MailQuota {
  @PrimaryColumn('bytea', { name: 'address_hash', primaryKeyConstraintName: 'pk_mail_quotas' })
  addressHash!: Buffer;

  @Column('timestamptz', { name: 'window_started_at' })
  windowStartedAt!: Date;

  @Column('integer')
  used!: number;

  @Column('timestamptz', { name: 'last_resend_at', nullable: true })
  lastResendAt!: Date | null;
}
