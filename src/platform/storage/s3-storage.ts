import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import { AppError } from '../../common/app-error.js';
import { Gate } from '../../common/gate.js';
import type { S3Address } from '../../common/storage-address.js';
import { assertKey, type FileStorage, type StoredContent, type StoredObject } from './file-storage.js';

/** The store may take this long to answer, in ms, before the call is given up; every call is tried three times. */
const timeout = 30_000;
/** Files that are read into memory to be sent, and those that may wait for it. */
const filesAtOnce = 4;
const filesWaiting = 100;

type Library = typeof S3;

/** Objects of a bucket of an S3 store, addressed by path (`endpoint/bucket/key`), which every store understands. */
export class S3Storage implements FileStorage {
  private readonly fromDisk = new Gate(filesAtOnce, filesWaiting, () => new AppError('server.busy', { retryAfter: 5 }));

  private constructor(
    private readonly library: Library,
    private readonly client: S3.S3Client,
    private readonly bucket: string,
  ) {}

  /** Loads the library, which is large, only where it is needed. Nothing is sent yet. */
  static async open({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Address): Promise<S3Storage> {
    const library = await import('@aws-sdk/client-s3');
    const client = new library.S3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle: true,
      maxAttempts: 3,
      // Stores other than Amazon's refuse the checksums that the library would add by itself.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { requestTimeout: timeout, connectionTimeout: 5_000 },
      // It would log what it sends.
      logger: { debug() {}, info() {}, warn() {}, error() {}, trace() {} },
    });
    return new S3Storage(library, client, bucket);
  }

  async put(key: string, content: StoredContent): Promise<void> {
    assertKey(key);
    // Bytes in memory can be signed whole and sent again; a few large files at a time.
    if (Buffer.isBuffer(content)) await this.send(key, content);
    else await this.fromDisk.run(async () => this.send(key, await readFile(content.path).catch(unreadable)));
  }

  async get(key: string): Promise<StoredObject | null> {
    assertKey(key);
    try {
      const { Body: body, ContentLength: bytes } = await this.client.send(
        new this.library.GetObjectCommand({ Bucket: this.bucket, Key: key }),
      );
      if (!(body instanceof Readable) || bytes === undefined) throw new Error('The store answered without a body.');
      return { stream: body, bytes };
    } catch (error) {
      if (statusOf(error) === 404 && (error as Error).name === 'NoSuchKey') return null;
      throw unavailable(error);
    }
  }

  async remove(key: string): Promise<void> {
    assertKey(key);
    try {
      await this.client.send(new this.library.DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
    } catch (error) {
      throw unavailable(error);
    }
  }

  async *list(): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const page: S3.ListObjectsV2CommandOutput = await this.client
        .send(new this.library.ListObjectsV2Command({ Bucket: this.bucket, ContinuationToken: token }))
        .catch((error: unknown) => {
          throw unavailable(error);
        });
      for (const { Key: key } of page.Contents ?? []) if (key !== undefined) yield key;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async close(): Promise<void> {
    this.client.destroy();
  }

  private async send(key: string, body: Buffer): Promise<void> {
    try {
      await this.client.send(new this.library.PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentLength: body.length }));
    } catch (error) {
      throw unavailable(error);
    }
  }
}

function unreadable(cause: unknown): never {
  throw new AppError('storage.unavailable', { cause, retryAfter: 5 });
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** The library's errors carry the request and parts of the credentials; what helps an operator is the name and the status. */
function unavailable(error: unknown): AppError {
  const { name, code } = error as { name?: string; code?: string };
  const cause = new Error(`The file store refused or did not answer: ${code ?? name ?? 'unknown'}, status ${statusOf(error) ?? 'none'}.`);
  return new AppError('storage.unavailable', { cause, retryAfter: 5 });
}
