import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an admin told everybody, and how far the telling has come. */
@Entity('announcements')
export class AnnouncementEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'author_id', nullable: true })
  authorId!: string | null;

  @Column('text')
  message!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Who was online and told before the others. */
  @Column('uuid', { name: 'first_told', array: true, default: [] })
  firstTold!: string[];

  /** The others are told in the order of their ids: up to here. */
  @Column('uuid', { name: 'told_up_to', nullable: true })
  toldUpTo!: string | null;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt!: Date | null;
}
