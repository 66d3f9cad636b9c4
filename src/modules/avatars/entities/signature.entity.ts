import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The picture that a person signs with. */
@Entity('signatures')
export class SignatureEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_signatures' })
  @ForeignKey('User', { name: 'fk_signatures_user', onDelete: 'CASCADE' })
  userId!: string;

  @Column('uuid', { name: 'file_id' })
  fileId!: string;
}
