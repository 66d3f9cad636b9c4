import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { AppError } from '../../common/app-error.js';
import { typeOfFile, typeOfHead } from './file-types.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const plain = { name: 'notes', type: '' };

function refusal(head: Buffer, claimed = plain): AppError | null {
  try {
    typeOfHead(head, claimed);
    return null;
  } catch (error) {
    return error as AppError;
  }
}

describe('the type of a file is what its bytes say', () => {
  it.each([
    ['a JPEG', '\xff\xd8\xff\xe0..JFIF', 'image/jpeg'],
    ['a PNG', '\x89PNG\r\n\x1a\n....IHDR', 'image/png'],
    ['a WebP', 'RIFF....WEBPVP8 ', 'image/webp'],
    ['a PDF', '%PDF-1.7\n%\xe2', 'application/pdf'],
    ['a zip archive', 'PK\x03\x04\x14\0', 'application/zip'],
    ['an empty zip archive', 'PK\x05\x06\0\0', 'application/zip'],
    ['a text', 'Dear diary, 1 < 2', 'text/plain'],
    ['a text with a mark of its byte order', '\xef\xbb\xbfhello', 'text/plain'],
    ['a text that speaks of markup', 'Use <script> with care', 'text/plain'],
  ])('%s', (_, head, mime) => expect(typeOfHead(bytes(head), plain).mime).toBe(mime));

  it.each([
    ['GIF', 'GIF89a......'],
    ['GIF', 'GIF89a/*.PK\x03\x04'],
    ['TIFF', 'II*\0....'],
    ['TIFF', 'MM\0*....'],
    ['HEIC', '\0\0\0\x18ftypheic....'],
    ['AVIF', '\0\0\0\x18ftypavif....'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'],
    ['SVG', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg>'],
  ])('a %s picture is refused by its name', (name, head) => {
    expect(refusal(bytes(head))).toMatchObject({ code: 'file.type-unsupported', status: 415 });
    expect(refusal(bytes(head))!.message).toContain(`${name} pictures are not accepted`);
  });

  it.each([
    ['a page', '<!DOCTYPE html><script>alert(1)</script>'],
    ['a page behind a mark and white space', '\xef\xbb\xbf \n\t<HTML>'],
    ['a piece of a page', '<script src=x>'],
    ['a page in a comment', '<!-- --><b>'],
    ['XML', '<?xml version="1.0"?><x/>'],
    ['a program', '\x7fELF\x02\x01\x01\0'],
    ['a video', '\0\0\0\x18ftypisom'],
    ['text in UTF-16', '\xff\xfeh\0i\0'],
  ])('%s is refused', (_, head) => expect(refusal(bytes(head))?.code).toBe('file.type-unsupported'));

  it.each([
    { name: 'cat.png', type: '' },
    { name: 'cat.JPEG', type: '' },
    { name: 'cat', type: 'image/png' },
    { name: 'cat.svg', type: '' },
  ])('what is called a picture and is none is refused: %j', (claimed) => {
    for (const head of ['just text', '%PDF-1.7', 'PK\x03\x04', '<html>'])
      expect(refusal(bytes(head), claimed)?.code).toBe('file.type-unsupported');
    expect(typeOfHead(bytes('\xff\xd8\xff\xe0'), claimed).mime).toBe('image/jpeg');
  });

  it('an empty file is told to be empty', () => expect(refusal(Buffer.alloc(0))?.code).toBe('file.empty'));

  describe('a text is read to its end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-types-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'file');
    const typed = async (content: Buffer) => {
      writeFileSync(path, content);
      return typeOfFile(path, plain);
    };

    it('also where a character lies across two reads', async () => {
      const text = `${'a'.repeat(65_535)}є${'b'.repeat(70_000)}`;
      await expect(typed(Buffer.from(text))).resolves.toEqual({ kind: 'file', mime: 'text/plain' });
    });

    it.each([
      ['a NUL', Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0])])],
      ['a broken character', Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xc3, 0x28])])],
      ['half a character at the end', Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xe2, 0x82])])],
    ])('and %s far behind is found', async (_, content) => {
      await expect(typed(content)).rejects.toMatchObject({ code: 'file.type-unsupported' });
    });
  });
});
