import { Inject, Injectable } from '@nestjs/common';
import { FILE_STORAGE, type FileStorage, type StoredContent, type StoredObject } from '../../platform/storage/index.js';

/** Every name that an object of a file can have: removing them all needs no knowledge of which there are. */
export const objectNames = ['original', 'full', 'medium', 'thumbnail'] as const;
export type ObjectName = (typeof objectNames)[number];

/** The objects of files in the storage, under names made of the file's id. */
@Injectable()
export class FileObjects {
  constructor(@Inject(FILE_STORAGE) private readonly storage: FileStorage) {}

  async store(fileId: string, name: ObjectName, content: StoredContent): Promise<void> {
    await this.storage.put(keyOf(fileId, name), content);
  }

  async read(fileId: string, name: string): Promise<StoredObject | null> {
    return this.storage.get(keyOf(fileId, name));
  }

  /** Removes everything of a file; it may be done again. */
  async removeAll(fileId: string): Promise<void> {
    for (const name of objectNames) await this.storage.remove(keyOf(fileId, name));
  }
}

/** Ids of one time begin alike; their ends spread over the folders. */
function keyOf(fileId: string, name: string): string {
  return `${fileId.slice(-2)}/${fileId}-${name}`;
}
