import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/** The driver gives bigint as text; these stay far below 2^53. */
const wholeNumber = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};

/** What an investor account tells of itself. Tickets are US dollars. */
@Entity('investor_profiles')
@Check('ck_investor_profiles_ticket', `"ticket_min" >= 0 AND "ticket_max" >= "ticket_min"`)
export class InvestorProfileRecord {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_investor_profiles' })
  @ForeignKey(() => User, { name: 'fk_investor_profiles_user', onDelete: 'CASCADE' })
  userId!: string;

  @Column('text', { nullable: true })
  organization!: string | null;

  @Column('text', { array: true, default: '{}' })
  interests!: string[];

  @Column('bigint', { name: 'ticket_min', nullable: true, transformer: wholeNumber })
  ticketMin!: number | null;

  @Column('bigint', { name: 'ticket_max', nullable: true, transformer: wholeNumber })
  ticketMax!: number | null;

  @Column('text', { nullable: true })
  website!: string | null;
}
