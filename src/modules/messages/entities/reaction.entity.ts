import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One person's one emoji on one message. */
@Entity('reactions')
export class ReactionEntity {
  @PrimaryColumn('uuid', { name: 'message_id' })
  messageId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('varchar', { length: 64 })
  emoji!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
