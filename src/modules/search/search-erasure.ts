import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Vocabulary } from './vocabulary.js';
import { distinctWords } from './words.js';

/** Takes a person whose account goes out of the index, and their names out of the vocabulary unless somebody else's text holds them. */
@Injectable()
export class SearchErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly vocabulary: Vocabulary,
  ) {}

  async person(userId: string, names: readonly string[]): Promise<void> {
    await this.dataSource.query(`DELETE FROM document_words WHERE kind = 'person' AND id = $1`, [userId]);
    await this.vocabulary.forgetWords(distinctWords(names.join(' ')));
  }
}
