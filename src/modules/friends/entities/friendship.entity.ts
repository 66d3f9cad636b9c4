import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One side of a friendship; there is a row for each of the two. */
@Entity('friendships')
export class FriendshipEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('uuid', { name: 'friend_id' })
  friendId!: string;

  @Column('timestamptz')
  since!: Date;
}
