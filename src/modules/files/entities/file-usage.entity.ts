import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of the storage a person uses: the sum of the bytes of their files, kept with every change of them. */
@Entity('file_usage')
export class FileUsageEntity {
  @PrimaryColumn('uuid', { name: 'owner_id' })
  ownerId!: string;

  /** bigint, hence a string */
  @Column('bigint')
  bytes!: string;
}
