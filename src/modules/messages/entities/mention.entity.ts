import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that names a member, counted apart from what is unread. */
@Entity('mentions')
export class MentionEntity {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('bigint')
  seq!: string;

  /** Whether the person was told, or nobody wants to be. */
  @Column('boolean', { default: false })
  notified!: boolean;
}
