import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A username that somebody asked for at registration: kept for that address alone until `reservedUntil`, account or not. */
@Entity('username_reservations')
@Index('ix_username_reservations_until', ['reservedUntil'])
export class UsernameReservation {
  @PrimaryColumn('text', { name: 'username_key', primaryKeyConstraintName: 'pk_username_reservations' })
  usernameKey!: string;

  @Column('text', { name: 'email_key' })
  emailKey!: string;

  @Column('timestamptz', { name: 'reserved_until' })
  reservedUntil!: Date;
}
