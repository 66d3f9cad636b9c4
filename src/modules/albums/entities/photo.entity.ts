import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Attachment } from '../../../contracts/index.js';

/** A photo of an album. */
@Entity('photos')
@Index('ix_photos_album', ['albumId', 'id'])
@Index('ix_photos_owner', ['ownerId', 'id'])
export class PhotoEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_photos' })
  id!: string;

  @Column('uuid', { name: 'album_id' })
  @ForeignKey('AlbumEntity', { name: 'fk_photos_album', onDelete: 'CASCADE' })
  albumId!: string;

  @Column('uuid', { name: 'owner_id' })
  @ForeignKey('User', { name: 'fk_photos_owner', onDelete: 'CASCADE' })
  ownerId!: string;

  /** The file as clients see it: files never change. */
  @Column('jsonb')
  image!: Attachment;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
