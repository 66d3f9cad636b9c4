import { isUtf8 } from 'node:buffer';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';

/** No call of the interface comes near it; what is deeper is made to hurt. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Whether JSON nests deeper than `limit`. Reads bytes once, without recursion, whatever they are. */
export function nestsDeeper(body: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opening.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (closing.has(byte)) depth -= 1;
  }
  return false;
}

/**
 * Makes JSON the only kind of body. An empty body counts as none; invalid UTF-8, nesting beyond 64 levels and keys that reach for
 * prototypes are refused as malformed.
 */
export function acceptJsonAlone(fastify: FastifyInstance): void {
  // It answers by its callback alone; a promise is only for parsers that have none.
  const parse = fastify.getDefaultJsonParser('error', 'error') as (...args: Parameters<FastifyBodyParser<string>>) => unknown;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
    if (body.length === 0) done(null, undefined);
    else if (!isUtf8(body) || (body.length > deepest * 2 && nestsDeeper(body, deepest))) done(new AppError('request.malformed'));
    else parse(request, body.toString('utf8').replace(/^\ufeff/, ''), done);
  });
}
