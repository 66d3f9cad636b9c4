import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = promisify(gzip);

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const compressible = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/;

/** A file that is kept in memory with what its answers need. */
export class StaticFile {
  private readonly etag: string;
  private packed: Promise<Buffer> | undefined;

  constructor(
    private readonly content: Buffer,
    private readonly type: string,
    private readonly cacheControl: string,
  ) {
    this.etag = createHash('sha256').update(content).digest('base64url').slice(0, 16);
  }

  /** Answers with the file, with 304 when the caller has it already, packed when the caller takes gzip. */
  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const packs =
      compressible.test(this.type) && this.content.length > 1_024 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const etag = `"${this.etag}${packs ? '-gz' : ''}"`;
    void reply.header('cache-control', this.cacheControl).header('etag', etag);
    if (compressible.test(this.type)) void reply.header('vary', 'Origin, Accept, Accept-Encoding');
    if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send();
    void reply.type(this.type);
    if (!packs) return reply.send(this.content);
    this.packed ??= compress(this.content);
    return reply.header('content-encoding', 'gzip').send(await this.packed);
  }
}

/**
 * A folder's files by their path in addresses, read once: nothing that is asked for later reaches the file system.
 * @param cacheControl for each file, by its path such as `/assets/index.js`
 * @throws Error when the folder cannot be read
 */
export function readFolder(root: string, cacheControl: (path: string) => string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const location = join(entry.parentPath, entry.name);
    const path = `/${relative(root, location).split(sep).join('/')}`;
    files.set(
      path,
      new StaticFile(readFileSync(location), types[extname(entry.name).toLowerCase()] ?? 'application/octet-stream', cacheControl(path)),
    );
  }
  return files;
}
