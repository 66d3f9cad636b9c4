import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { AlbumVisibility } from '../../../contracts/index.js';

/** A collection of one person's photos. */
@Entity('albums')
@Index('ix_albums_list', ['ownerId', 'id'])
@Index('ix_albums_cover', ['coverPhotoId'], { where: `"cover_photo_id" IS NOT NULL` })
@Check('ck_albums_visibility', `"visibility" IN ('everyone', 'friends', 'me')`)
@Check('ck_albums_photo_count', `"photo_count" BETWEEN 0 AND 500`)
export class AlbumEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_albums' })
  id!: string;

  @Column('uuid', { name: 'owner_id' })
  @ForeignKey('User', { name: 'fk_albums_owner', onDelete: 'CASCADE' })
  ownerId!: string;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  theme!: string | null;

  @Column('smallint', { nullable: true })
  year!: number | null;

  @Column('text')
  visibility!: AlbumVisibility;

  @Column('uuid', { name: 'cover_photo_id', nullable: true })
  @ForeignKey('PhotoEntity', { name: 'fk_albums_cover', onDelete: 'SET NULL' })
  coverPhotoId!: string | null;

  /** Kept under the album's lock. */
  @Column('integer', { name: 'photo_count', default: 0 })
  photoCount!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
