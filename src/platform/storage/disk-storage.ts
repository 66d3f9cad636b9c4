import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, opendir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../common/app-error.js';
import { assertKey, type FileStorage, type StoredContent, type StoredObject } from './file-storage.js';

/** Files in a folder of this machine. Folders and files are readable by the server's own account alone. */
export class DiskStorage implements FileStorage {
  /** @param root is made when it is missing */
  constructor(private readonly root: string) {}

  async put(key: string, content: StoredContent): Promise<void> {
    const path = this.pathOf(key);
    const part = `${path}.part`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(part, content);
      await rename(part, path);
      await flush(dirname(path));
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw unavailable(error);
    }
  }

  async get(key: string): Promise<StoredObject | null> {
    const path = this.pathOf(key);
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      const { size } = await handle.stat();
      return { stream: handle.createReadStream({ autoClose: true }), bytes: size };
    } catch (error) {
      await handle?.close();
      if (isMissing(error)) return null;
      throw unavailable(error);
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    try {
      // A crash while it was written may have left its beginning.
      await rm(`${path}.part`, { force: true });
      await rm(path, { force: true });
    } catch (error) {
      throw unavailable(error);
    }
  }

  async *list(): AsyncIterable<string> {
    yield* this.keysIn('');
  }

  async close(): Promise<void> {
    // Nothing is kept open.
  }

  private async *keysIn(prefix: string): AsyncIterable<string> {
    const folder = await opendir(join(this.root, prefix)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw unavailable(error);
    });
    for await (const entry of folder ?? []) {
      if (entry.isDirectory()) yield* this.keysIn(`${prefix}${entry.name}/`);
      else yield prefix + entry.name;
    }
  }

  private pathOf(key: string): string {
    assertKey(key);
    return join(this.root, ...key.split('/'));
  }
}

async function writeWhole(part: string, content: StoredContent): Promise<void> {
  if (!Buffer.isBuffer(content)) await copyFile(content.path, part, constants.COPYFILE_FICLONE);
  const file = await open(part, Buffer.isBuffer(content) ? 'w' : 'r+', 0o600);
  try {
    if (Buffer.isBuffer(content)) await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is safe from a power cut once its folder is. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function unavailable(cause: unknown): AppError {
  return new AppError('storage.unavailable', { cause, retryAfter: 5 });
}
