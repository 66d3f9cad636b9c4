import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { developmentSecret } from './development-secret.js';

describe('the secret of a development server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-secret-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, long, and readable by its owner alone', () => {
    const dataDir = join(folder, 'data');
    const secret = developmentSecret(dataDir);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
    expect(developmentSecret(dataDir)).toBe(secret);
    expect(statSync(join(dataDir, 'jwt-access-secret')).mode & 0o077).toBe(0);
  });

  it('is another one in another folder', () => {
    expect(developmentSecret(join(folder, 'a'))).not.toBe(developmentSecret(join(folder, 'b')));
  });

  it('an empty file is told in words, not used', () => {
    writeFileSync(join(folder, 'jwt-access-secret'), '');
    expect(() => developmentSecret(folder)).toThrow('remove the file');
  });
});
