import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { randomBytes } from 'node:crypto';
import { type S3Address, readStorageAddress } from '../../../src/common/storage-address.js';
import { DiskStorage } from '../../../src/platform/storage/disk-storage.js';
import type { FileStorage } from '../../../src/platform/storage/index.js';
import { S3Storage } from '../../../src/platform/storage/s3-storage.js';
import { S3Store } from '../../support/s3-store.js';
import { temporaryFolder } from '../../support/settings.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same promises, wherever the bytes lie. */
function storageTests(open: () => FileStorage, keysLeft: () => string[]): void {
  const read = async (key: string): Promise<Buffer | null> => {
    const object = await open().get(key);
    if (!object) return null;
    const bytes = await buffer(object.stream);
    expect(object.bytes).toBe(bytes.length);
    return bytes;
  };
  afterEach(async () => {
    for (const key of keysLeft()) await open().remove(key);
    expect(keysLeft()).toEqual([]);
  });

  it('gives back what was stored, from memory and from a file, which stays', async () => {
    const small = randomBytes(1_000);
    const large = randomBytes(3_000_000);
    const path = join(folder, 'upload');
    writeFileSync(path, large);
    await open().put('ab/one-full', small);
    await open().put('cd/two-original', { path });
    expect((await read('ab/one-full'))!.equals(small)).toBe(true);
    expect((await read('cd/two-original'))!.equals(large)).toBe(true);
    expect(statSync(path).size).toBe(large.length);
    expect(keysLeft().sort()).toEqual(['ab/one-full', 'cd/two-original']);
  });

  it('replaces an object, and knows nothing of one that was never there', async () => {
    await open().put('ab/one', Buffer.from('first'));
    await open().put('ab/one', Buffer.from('second'));
    expect(String(await read('ab/one'))).toBe('second');
    expect(await read('ab/none')).toBeNull();
    expect(await read('zz/none')).toBeNull();
  });

  it('removes, also twice and also what is not there', async () => {
    await open().put('ab/one', Buffer.from('x'));
    await open().remove('ab/one');
    await open().remove('ab/one');
    await open().remove('zz/none');
    expect(await read('ab/one')).toBeNull();
  });

  it('lists every key, whatever page or folder it is in', async () => {
    const keys = ['ab/one-full', 'ab/two-full', 'cd/three-full', 'exports/four-1-1', 'exports/five-1-1'];
    for (const key of keys) await open().put(key, Buffer.from('x'));
    const listed: string[] = [];
    for await (const key of open().list()) listed.push(key);
    expect(listed.sort()).toEqual(keys.sort());
  });

  it.each(['../escape', '/etc/passwd', 'a//b', 'a/../b', 'a\0b', 'A/b', '', 'a/'])('refuses the key %j', async (key) => {
    await expect(open().put(key, Buffer.from('x'))).rejects.toThrow('A key of a stored object');
    await expect(open().get(key)).rejects.toThrow('A key of a stored object');
    await expect(open().remove(key)).rejects.toThrow('A key of a stored object');
  });
}

describe('files on the disk', () => {
  const root = join(folder, 'files');
  const storage = new DiskStorage(root);
  const keys = () =>
    !existsSync(root)
      ? []
      : readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

  storageTests(() => storage, keys);

  it('are readable by the server alone', async () => {
    await storage.put('ab/one', Buffer.from('x'));
    expect(statSync(join(root, 'ab/one')).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'ab')).mode & 0o777).toBe(0o700);
  });

  it('leave nothing half written: a beginning that a crash left goes with the object', async () => {
    await storage.put('ab/one', Buffer.from('x'));
    writeFileSync(join(root, 'ab/one.part'), 'half');
    await storage.remove('ab/one');
    expect(keys()).toEqual([]);
    await expect(storage.put('ab/two', { path: join(folder, 'not-there') })).rejects.toMatchObject({
      code: 'storage.unavailable',
    });
    expect(keys()).toEqual([]);
  });

  it('say so when the disk does not take them', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    chmodSync(join(folder, 'a-file'), 0o600);
    await expect(new DiskStorage(join(folder, 'a-file')).put('ab/one', Buffer.from('x'))).rejects.toMatchObject({
      code: 'storage.unavailable',
    });
  });
});

describe('files in an S3 store', () => {
  let store: S3Store;
  let storage: S3Storage;
  beforeAll(async () => {
    store = await S3Store.start();
    storage = await S3Storage.open(readStorageAddress(store.url) as S3Address);
  });
  afterAll(async () => {
    await storage.close();
    await store.close();
  });

  storageTests(
    () => storage,
    () => [...store.objects.keys()],
  );

  it('are signed: a wrong secret is refused, and the fault tells neither secret nor key', async () => {
    const address = readStorageAddress(store.url) as S3Address;
    const stranger = await S3Storage.open({ ...address, secretAccessKey: 'C4nary-secret' });
    const fault = await stranger.put('ab/one', Buffer.from('x')).catch((error: unknown) => error as Error & { cause: Error; code: string });
    expect(fault).toMatchObject({ code: 'storage.unavailable' });
    expect((fault as Error & { cause: Error }).cause.message).toContain('SignatureDoesNotMatch, status 403');
    expect(JSON.stringify([fault, (fault as Error).cause, String((fault as Error).stack)])).not.toMatch(/C4nary|PARLEYTESTKEY/);
    await stranger.close();
  });

  it('survive a store that is down for a moment, and say so when it stays down', async () => {
    store.down = true;
    await expect(storage.get('ab/one')).rejects.toMatchObject({ code: 'storage.unavailable', retryAfter: 5 });
    store.down = false;
    expect(await storage.get('ab/one')).toBeNull();
  });
});

describe('the address of a store', () => {
  it('is read with everything in it', () => {
    expect(readStorageAddress('s3://KEY:a%2Fb@store.example.org:9000/files?region=eu-central-1&tls=off')).toEqual({
      endpoint: 'http://store.example.org:9000',
      region: 'eu-central-1',
      bucket: 'files',
      accessKeyId: 'KEY',
      secretAccessKey: 'a/b',
    });
    expect(readStorageAddress('s3://K:s@s3.example.org/files/')).toMatchObject({ endpoint: 'https://s3.example.org', region: 'us-east-1' });
  });

  it.each([
    '',
    'nonsense',
    'http://k:s@h/b',
    's3://h/b',
    's3://k@h/b',
    's3://k:s@h',
    's3://k:s@h/B_',
    's3://k:s@h/b/c',
    's3://k:s@h/files?x=1',
    's3://k:s@h/files?tls=no',
    's3://k:%E0%A4%A@h/files',
  ])('%j is told in words', (value) => expect(readStorageAddress(value)).toEqual({ fault: expect.any(String) }));
});
