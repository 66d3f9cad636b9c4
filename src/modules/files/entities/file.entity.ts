import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One size of a file: which object of the storage holds it. */
export interface StoredSize {
  object: string;
  bytes: number;
  width?: number;
  height?: number;
}

/** An uploaded file. Its bytes lie in the storage, under names made of its id. */
@Entity('files')
export class FileEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** null: the account is gone */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('varchar', { length: 5 })
  kind!: 'image' | 'file';

  @Column('varchar', { length: 200 })
  name!: string;

  @Column('varchar', { length: 100 })
  mime!: string;

  /** Of all of its objects together: what it costs of the quota; bigint, hence a string. */
  @Column('bigint')
  bytes!: string;

  @Column('integer', { nullable: true })
  width!: number | null;

  @Column('integer', { nullable: true })
  height!: number | null;

  @Column('jsonb')
  sizes!: Record<string, StoredSize>;

  /** `writing`: not all of its objects are stored yet; `removing`: gone for everybody, its objects are being removed. */
  @Column('varchar', { length: 8 })
  state!: 'writing' | 'ready' | 'removing';

  @Column('varchar', { name: 'attached_kind', length: 16, nullable: true })
  attachedKind!: string | null;

  @Column('uuid', { name: 'attached_id', nullable: true })
  attachedId!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When its objects are to be removed, or tried again. */
  @Column('timestamptz', { name: 'remove_after', nullable: true })
  removeAfter!: Date | null;
}
