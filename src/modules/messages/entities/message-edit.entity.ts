import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a message said before an edit. */
@Entity('message_edits')
export class MessageEditEntity {
  @PrimaryColumn('uuid', { name: 'message_id' })
  messageId!: string;

  /** The message's position while it said this; bigint, hence a string. */
  @PrimaryColumn('bigint')
  position!: string;

  @Column('text')
  content!: string;

  /** When it was written. */
  @Column('timestamptz', { name: 'written_at' })
  writtenAt!: Date;
}
