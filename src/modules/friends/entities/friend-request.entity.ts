import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request that waits for its answer; a unique index keeps it to one per pair, whoever asked. */
@Entity('friend_requests')
export class FriendRequestEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'from_id' })
  fromId!: string;

  @Column('uuid', { name: 'to_id' })
  toId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
