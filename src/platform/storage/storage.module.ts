import { join } from 'node:path';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { DiskStorage } from './disk-storage.js';
import { FILE_STORAGE, type FileStorage } from './file-storage.js';

/** Hands out the one `FileStorage`: a folder under DATA_DIR. */
@Global()
@Module({
  providers: [
    {
      provide: FILE_STORAGE,
      inject: [SETTINGS],
      useFactory: (settings: Settings): FileStorage => new DiskStorage(join(settings.dataDir, 'files')),
    },
  ],
  exports: [FILE_STORAGE],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(FILE_STORAGE) private readonly storage: FileStorage) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
