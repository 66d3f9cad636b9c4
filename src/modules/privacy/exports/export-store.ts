import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../common/app-error.js';
import { FILE_STORAGE, type FileStorage } from '../../../platform/storage/index.js';
import type { ExportRow } from './exports.repository.js';

/** Bytes of one object: what an archive takes of memory while it is made or sent. */
export const partSize = 4 * 1024 * 1024;

type Attempt = Pick<ExportRow, 'id' | 'attempts'>;

/** The bytes of archives, as a row of objects of the storage: none is ever whole in memory, on a disk of the node or in one request to S3. */
@Injectable()
export class ExportStore {
  constructor(@Inject(FILE_STORAGE) private readonly storage: FileStorage) {}

  /** @param number from 1 */
  async put(attempt: Attempt, number: number, bytes: Buffer): Promise<void> {
    await this.storage.put(keyOf(attempt.id, attempt.attempts, number), bytes);
  }

  /** The archive from its beginning to its end. @param mayGoOn asked before each object, so that a long download can be stopped */
  read({ id, attempts, bytes }: ExportRow, mayGoOn: () => Promise<boolean>): Readable {
    const { storage } = this;
    return Readable.from(
      (async function* () {
        for (let number = 1, left = Number(bytes); left > 0; number++) {
          const object = (await mayGoOn()) ? await storage.get(keyOf(id, attempts, number)) : null;
          if (!object) throw new AppError('export.not-ready');
          for await (const chunk of object.stream as AsyncIterable<Buffer>) yield chunk;
          left -= object.bytes;
        }
      })(),
      { objectMode: false },
    );
  }

  /** Removes everything that any attempt may have left; it may be done again. */
  async removeAll({ id, attempts, parts }: ExportRow): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++)
      for (let number = 1; number <= parts; number++) await this.storage.remove(keyOf(id, attempt, number));
  }
}

/** What keys of archives begin with. */
export const exportKeys = 'exports/';

function keyOf(id: string, attempt: number, number: number): string {
  return `${exportKeys}${id}-${attempt}-${number}`;
}
