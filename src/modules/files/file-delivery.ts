import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { attachmentDisposition } from '../../platform/http/uploads/index.js';
import type { StoredSize } from './entities/file.entity.js';
import { FileObjects } from './file-objects.js';
import type { FileRow } from './files.repository.js';

/** Sends the bytes of files whose reader was let in. */
@Injectable()
export class FileDelivery {
  constructor(private readonly objects: FileObjects) {}

  /**
   * Sends one size of a file, or that the reader has it already.
   * @param size what the file does not have gives its largest
   * @param shared the seconds for which browsers may keep it without asking, and pages of other origins may show it; 0: neither
   * @throws AppError `file.not-found`, `storage.unavailable`
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    file: FileRow,
    size: string | undefined,
    shared: { seconds: number; embeddable: boolean },
  ): Promise<void> {
    const { stored, name } = sizeOf(file, size);
    // What was stored under an id never changes.
    const etag = `"${file.id}-${name}"`;
    void reply.headers({
      etag,
      'cache-control': shared.seconds > 0 ? `private, max-age=${shared.seconds}` : 'private, no-cache',
      'x-content-type-options': 'nosniff',
      // Should a browser ever take it for a page: one that may load nothing, run nothing and belongs to no origin.
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': shared.embeddable ? 'cross-origin' : 'same-origin',
    });
    if (matches(request.headers['if-none-match'], etag)) {
      void reply.status(304).send();
      return;
    }
    void reply.headers({
      'content-type': file.mime === 'text/plain' ? 'text/plain; charset=utf-8' : file.mime,
      'content-length': String(stored.bytes),
      // Pictures were made by us; everything else is somebody's own bytes and is only ever saved.
      'content-disposition': file.kind === 'image' ? 'inline' : attachmentDisposition(file.name),
    });
    if (request.method === 'HEAD') {
      // Fastify writes a length of 0 over ours unless there is a stream.
      void reply.send(Readable.from([]));
      return;
    }
    const object = await this.objects.read(file.id, stored.object);
    if (!object) throw new AppError('file.not-found');
    void reply.send(object.stream);
  }
}

function sizeOf(file: FileRow, size: string | undefined): { name: string; stored: StoredSize } {
  const largest = file.kind === 'image' ? 'full' : 'original';
  const name = size !== undefined && Object.hasOwn(file.sizes, size) ? size : largest;
  const stored = file.sizes[name];
  if (!stored) throw new AppError('file.not-found');
  return { name, stored };
}

function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
