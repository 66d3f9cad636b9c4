import { uploadFile } from '../api/upload.js';
import type { Attachment } from '../api/wire.js';
import { session } from './account.js';

/** Stores one file on the server. @throws Fault */
export async function upload(file: File, onProgress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return uploadFile<Attachment>('/files', file, { credentials: session, onProgress, ...(signal && { signal }) });
}
