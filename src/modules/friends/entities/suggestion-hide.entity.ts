import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody whom a person does not want to have suggested. */
@Entity('suggestion_hides')
export class SuggestionHideEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('uuid', { name: 'hidden_id' })
  hiddenId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
