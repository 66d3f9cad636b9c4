import { describe, expect, it } from '@jest/globals';
import { attachmentDisposition, safeFileName } from './file-name.js';

describe('the name of a file', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Звіт за липень.pdf', 'Звіт за липень.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\cat.png', 'cat.png'],
    ['a\0b.txt', 'ab.txt'],
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie_ x=1.txt'],
    ['evil\u202egpj.exe', 'evilgpj.exe'],
    ['  .hidden. ', 'hidden'],
    ['...', 'file'],
    ['', 'file'],
    [undefined, 'file'],
    ['"quoted"<b>|?*.txt', '_quoted__b____.txt'],
    ['a\ud800b.txt', 'ab.txt'],
  ])('%j is kept as %j', (given, kept) => expect(safeFileName(given)).toBe(kept));

  it('keeps its ending when it is cut', () => {
    const kept = safeFileName(`${'😀'.repeat(300)}.tar`);
    expect([...kept]).toHaveLength(150);
    expect(kept.endsWith('😀.tar')).toBe(true);
  });

  it('is offered for saving in ASCII and whole', () => {
    expect(attachmentDisposition('plain.txt')).toBe(`attachment; filename="plain.txt"; filename*=UTF-8''plain.txt`);
    expect(attachmentDisposition(`Звіт "1"; 50%'.pdf`)).toBe(
      `attachment; filename="____ _1__ 50_'.pdf"; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82%20%221%22%3B%2050%25%27.pdf`,
    );
  });
});
