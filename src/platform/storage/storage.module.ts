import { join } from 'node:path';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { readStorageAddress } from '../../common/storage-address.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { DiskStorage } from './disk-storage.js';
import { FILE_STORAGE, type FileStorage } from './file-storage.js';
import { S3Storage } from './s3-storage.js';

/** The store that the settings name. @throws Error in words for a STORAGE_URL that is none */
export async function openStorage({ storageUrl, dataDir }: Pick<Settings, 'storageUrl' | 'dataDir'>): Promise<FileStorage> {
  if (storageUrl === undefined) return new DiskStorage(join(dataDir, 'files'));
  const address = readStorageAddress(storageUrl);
  if ('fault' in address) throw new Error(`STORAGE_URL ${address.fault}.`);
  return S3Storage.open(address);
}

/** Hands out the one `FileStorage`: the bucket of STORAGE_URL, or a folder under DATA_DIR. */
@Global()
@Module({
  providers: [{ provide: FILE_STORAGE, inject: [SETTINGS], useFactory: openStorage }],
  exports: [FILE_STORAGE],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(FILE_STORAGE) private readonly storage: FileStorage) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
