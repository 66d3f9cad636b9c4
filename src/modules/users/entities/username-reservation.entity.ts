import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/**
 * A username that is kept until `reservedUntil`: for the address of whoever asked for it at registration, account or not, or for the person who
 * gave it up.
 */
@Entity('username_reservations')
@Index('ix_username_reservations_until', ['reservedUntil'])
@Index('ix_username_reservations_user', ['userId'], { where: `"user_id" IS NOT NULL` })
@Check('ck_username_reservations_holder', `("email_key" IS NULL) <> ("user_id" IS NULL)`)
export class UsernameReservation {
  @PrimaryColumn('text', { name: 'username_key', primaryKeyConstraintName: 'pk_username_reservations' })
  usernameKey!: string;

  @Column('text', { name: 'email_key', nullable: true })
  emailKey!: string | null;

  @Column('uuid', { name: 'user_id', nullable: true })
  @ForeignKey(() => User, { name: 'fk_username_reservations_user', onDelete: 'CASCADE' })
  userId!: string | null;

  @Column('timestamptz', { name: 'reserved_until' })
  reservedUntil!: Date;
}
