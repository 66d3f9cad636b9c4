import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { MailLocale } from './templates/content.js';

/**
 * One mail: waiting (payload, not sent), sent (sent_at), or given up (neither). In the development mailbox a mail is sent and keeps its
 * payload.
 */
@Entity('mails')
@Check('ck_mails_locale', `"locale" IN ('en', 'uk', 'ru')`)
@Index('ix_mails_due', ['nextAttemptAt'], { where: '"sent_at" IS NULL AND "payload" IS NOT NULL' })
@Index('ix_mails_settled', ['createdAt'], { where: '"sent_at" IS NOT NULL OR "payload" IS NULL' })
export class MailEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_mails' })
  id!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  locale!: MailLocale;

  @Column('text')
  template!: string;

  /** The template's params, sealed; null once they are not needed any more. */
  @Column('text', { nullable: true })
  payload!: string | null;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** Until then one worker has it in hand; a worker that dies leaves it to the others at that moment. */
  @Column('timestamptz', { name: 'locked_until', nullable: true })
  lockedUntil!: Date | null;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  /** A code of ours or of the mail server; never its words, which may quote the mail. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
