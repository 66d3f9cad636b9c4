import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { AppError } from '../../common/app-error.js';

export type ImageFormat = 'jpeg' | 'png' | 'webp';

/** What a file is by its content. */
export type FileType = { kind: 'image'; format: ImageFormat; mime: string } | { kind: 'file'; mime: string };

/** Bytes that are looked at to tell types apart. */
const headBytes = 4_096;

const pictures: FileType[] = [
  { kind: 'image', format: 'jpeg', mime: 'image/jpeg' },
  { kind: 'image', format: 'png', mime: 'image/png' },
  { kind: 'image', format: 'webp', mime: 'image/webp' },
];

/** Pictures that people do try, and what they are called in the answer. */
const refusedPictures: readonly [name: string, matches: (head: Buffer) => boolean][] = [
  ['GIF', (head) => ascii(head, 0, 4) === 'GIF8'],
  ['TIFF', (head) => ascii(head, 0, 4) === 'II*\0' || ascii(head, 0, 4) === 'MM\0*' || ascii(head, 0, 4) === 'II+\0'],
  ['HEIC', (head) => ascii(head, 4, 4) === 'ftyp' && /^(?:hei[cxms]|hev[cxms]|mif1|msf1)/.test(ascii(head, 8, 4))],
  ['AVIF', (head) => ascii(head, 4, 4) === 'ftyp' && /^avi[fs]/.test(ascii(head, 8, 4))],
  ['SVG', (head) => /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?(?:<!doctype\s+svg[^>]*>\s*)?<svg[\s>]/i.test(text(head))],
];

// What a browser would take for a page if it were allowed to guess (WHATWG MIME Sniffing, 7.1), and XML, which can become one.
const markup =
  /^\s*<(?:!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|xml|object|embed|\?xml|!--)(?:[\s>/?-]|$)/i;

/**
 * The type of what begins with these bytes; `text` still has to be read whole, see `assertText`. What the sender says counts only against
 * them: what is named like a picture has to be one.
 * @throws AppError `file.empty`, `file.type-unsupported`
 */
export function typeOfHead(head: Buffer, claimed: { name: string; type: string }): FileType {
  if (head.length === 0) throw new AppError('file.empty');
  const picture = pictures.find((type) => type.kind === 'image' && isPicture(head, type.format));
  if (picture) return picture;
  const refused = refusedPictures.find(([, matches]) => matches(head));
  if (refused) throw unsupported(`${refused[0]} pictures are not accepted: send it as JPEG, PNG or WebP.`);
  if (/^image\//i.test(claimed.type) || /\.(?:jpe?g|jfif|png|apng|webp|gif|svgz?|bmp|tiff?|hei[cf]|avif|ico)$/i.test(claimed.name))
    throw unsupported('This is called a picture and is none: send a JPEG, PNG or WebP picture.');
  if (ascii(head, 0, 5) === '%PDF-') return { kind: 'file', mime: 'application/pdf' };
  if (ascii(head, 0, 4) === 'PK\x03\x04' || ascii(head, 0, 4) === 'PK\x05\x06') return { kind: 'file', mime: 'application/zip' };
  if (head.includes(0)) throw unsupported();
  if (markup.test(text(head))) throw unsupported('Pages and other markup are not accepted: put them into a zip archive.');
  return { kind: 'file', mime: 'text/plain' };
}

/** The type of a file on this machine, by its content. @throws AppError `file.empty`, `file.type-unsupported` */
export async function typeOfFile(path: string, claimed: { name: string; type: string }): Promise<FileType> {
  const type = typeOfHead(await headOf(path), claimed);
  if (type.mime === 'text/plain') await assertText(path);
  return type;
}

/** @throws AppError `file.type-unsupported` for what is not UTF-8 from beginning to end, or has a NUL in it */
async function assertText(path: string): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (chunk.includes(0)) throw unsupported();
    decode(decoder, chunk);
  }
  decode(decoder, null);
}

function decode(decoder: TextDecoder, chunk: Buffer | null): void {
  try {
    if (chunk) decoder.decode(chunk, { stream: true });
    else decoder.decode();
  } catch (error) {
    throw unsupported(undefined, error);
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function isPicture(head: Buffer, format: ImageFormat): boolean {
  switch (format) {
    case 'jpeg':
      return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
    case 'png':
      return ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n';
    case 'webp':
      return ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP';
  }
}

function ascii(head: Buffer, from: number, length: number): string {
  return head.toString('latin1', from, from + length);
}

function text(head: Buffer): string {
  return head.toString('utf8').replace(/^\ufeff/, '');
}

function unsupported(message?: string, cause?: unknown): AppError {
  return new AppError('file.type-unsupported', { ...(message === undefined ? {} : { message }), cause });
}
