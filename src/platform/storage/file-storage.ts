import type { Readable } from 'node:stream';

/** Injection token of the one `FileStorage`. */
export const FILE_STORAGE = Symbol('FILE_STORAGE');

/** What is to be stored: bytes in memory, or a file on this machine, which is left alone. */
export type StoredContent = Buffer | { path: string };

/** A stored object, to be read once. Whoever does not read `stream` to its end destroys it. */
export interface StoredObject {
  stream: Readable;
  bytes: number;
}

/**
 * Where the bytes of files lie. Keys are made by the server: lower-case letters, digits, `-` and `/`. Every call fails with
 * AppError `storage.unavailable` when the store does not answer, `server.busy` when too much waits for it.
 */
export interface FileStorage {
  /** Stores an object whole or not at all; one of the same key is replaced. When it resolves, a crash cannot take it away. */
  put(key: string, content: StoredContent): Promise<void>;
  /** @returns null when there is no such object */
  get(key: string): Promise<StoredObject | null>;
  /** Removes an object; one that is not there counts as removed. */
  remove(key: string): Promise<void>;
  /** The keys of all objects, in no order; beginnings that a crash left count as objects. What is stored meanwhile may be missing. */
  list(): AsyncIterable<string>;
  /** Lets go of what it holds open. */
  close(): Promise<void>;
}

const keyPattern = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;

/** @throws Error for a key that could lead anywhere else */
export function assertKey(key: string): void {
  if (!keyPattern.test(key) || key.length > 200) throw new Error('A key of a stored object is made of a-z, 0-9, "-" and "/".');
}
