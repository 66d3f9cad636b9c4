import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MailCipher } from './mail-cipher.js';

describe('a sealed payload', () => {
  const cipher = new MailCipher(randomBytes(32));

  it('opens again in its own row', () => {
    expect(cipher.open(cipher.seal('код 482913', 'row 1'), 'row 1')).toBe('код 482913');
  });

  it('shows nothing of what is in it and never looks the same twice', () => {
    const sealed = cipher.seal('482913', 'row 1');
    expect(sealed).not.toContain('482913');
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('482913');
    expect(cipher.seal('482913', 'row 1')).not.toBe(sealed);
  });

  it('opens neither in another row, nor with another key, nor changed', () => {
    const sealed = cipher.seal('482913', 'row 1');
    const changed = sealed.slice(0, 10) + (sealed[10] === 'A' ? 'B' : 'A') + sealed.slice(11);
    expect(() => cipher.open(sealed, 'row 2')).toThrow();
    expect(() => new MailCipher(randomBytes(32)).open(sealed, 'row 1')).toThrow();
    expect(() => cipher.open(changed, 'row 1')).toThrow();
    expect(() => cipher.open(sealed.slice(0, 20), 'row 1')).toThrow();
    expect(() => cipher.open('', 'row 1')).toThrow();
  });
});
