import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../common/app-error.js';
import { invalidFields } from '../../../common/parse.js';
import type { MultipartForm } from '../../../contracts/index.js';
import { drain } from '../drain.js';
import { safeFileName } from './file-name.js';
import { IncomingFolder } from './incoming-folder.js';
import type { Upload } from './upload.js';

/** Largest file of all, in bytes; kinds of files may have less. */
export const largestUpload = 25 * 1024 * 1024;
/** What the other parts and the boundaries may add, in bytes. */
const overhead = 128 * 1024;

const limits = { fieldNameSize: 100, fieldSize: 64 * 1024, fields: 12, files: 1, parts: 14, headerPairs: 20, fileSize: largestUpload };

/** Names that the one file of a request may always have: which of them a call wants is easily mistaken. */
const anyFile: readonly string[] = ['file', 'image'];

export interface ReadForm {
  fields: Record<string, unknown>;
  upload?: Upload;
}

/** Reads forms with a file: the file to the incoming folder, the other parts into memory, all of it within bounds. */
@Injectable()
export class FormReader {
  constructor(private readonly folder: IncomingFolder) {}

  /**
   * Whoever gets an `upload` calls `discard` when they are done with it. Nothing is left behind when it fails.
   * @param signal aborted when the sender may not go on
   * @throws AppError `auth.revoked`, `file.too-large`, `request.too-large`, `request.invalid`, `request.malformed`, `storage.unavailable`
   */
  async read(request: FastifyRequest, form: MultipartForm, signal: AbortSignal): Promise<ReadForm> {
    const read: ReadForm = { fields: {} };
    try {
      if (Number(request.headers['content-length'] ?? 0) > largestUpload + overhead) throw new AppError('file.too-large');
      for await (const part of request.parts({ limits })) {
        if (part.type === 'field') takeField(read.fields, part);
        else read.upload = await this.takeFile(part, form, signal);
      }
      return read;
    } catch (error) {
      if (read.upload) await this.discard(read.upload);
      // Answered before it was read, the rest would stand in the way of the next request of this connection.
      await new Promise<void>((resolve) => drain(request, resolve));
      throw named(error);
    }
  }

  async discard(upload: Upload): Promise<void> {
    await rm(upload.path, { force: true });
  }

  private async takeFile(part: MultipartFile, form: MultipartForm, signal: AbortSignal): Promise<Upload> {
    if (![form.file, ...anyFile].includes(part.fieldname)) throw unknownPart(part.fieldname, form.file);
    const path = this.folder.newPath();
    const digest = createHash('sha256');
    let bytes = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        digest.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(part.file, counter, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
      if (part.file.truncated) throw new AppError('file.too-large');
      return { path, bytes, name: safeFileName(part.filename), claimedType: part.mimetype, digest: digest.digest('base64url') };
    } catch (error) {
      await rm(path, { force: true });
      throw signal.aborted ? new AppError('auth.revoked', { cause: error }) : error;
    }
  }
}

function takeField(fields: Record<string, unknown>, part: MultipartValue): void {
  if (part.fieldnameTruncated || part.valueTruncated) throw new AppError('request.too-large');
  if (Object.hasOwn(fields, part.fieldname))
    throw invalidFields([{ field: part.fieldname.slice(0, 64), code: 'repeated', message: 'must be there once' }]);
  fields[part.fieldname] = part.value;
}

function unknownPart(name: string, expected: string): AppError {
  const message = `is not a file of this request; send it as "${expected}"`;
  return invalidFields([{ field: name.slice(0, 64), code: 'unknown', message }]);
}

/** What the parser says, in our words. */
function named(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) return new AppError('storage.unavailable', { cause: error, retryAfter: 5 });
  switch (code) {
    case 'FST_REQ_FILE_TOO_LARGE':
      return new AppError('file.too-large', { cause: error });
    case 'FST_FILES_LIMIT':
      return new AppError('request.too-large', { cause: error, message: 'One file in a request: send each in a request of its own.' });
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return new AppError('request.too-large', { cause: error });
    default:
      return new AppError('request.malformed', { cause: error, message: 'The form is not well-formed, or did not arrive whole.' });
  }
}
