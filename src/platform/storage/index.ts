export { FILE_STORAGE, type FileStorage, type StoredContent, type StoredObject } from './file-storage.js';
export { openStorage, StorageModule } from './storage.module.js';
