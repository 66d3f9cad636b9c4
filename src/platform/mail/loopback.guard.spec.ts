import { describe, expect, it } from '@jest/globals';
import { isLocalCaller } from './loopback.guard.js';

const publicUrl = 'https://chat.example.org';
const from = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) =>
  isLocalCaller({ remoteAddress, headers: { host: 'localhost:3000', ...headers } }, publicUrl);

describe('the development mailbox', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('opens to a caller from %s', (address) => {
    expect(from(address)).toBe(true);
  });

  it.each(['10.0.0.5', '192.168.1.7', '::ffff:10.0.0.5', '2001:db8::1', '1127.0.0.1', '127.0.0.1.example.org', '', undefined])(
    'not to one from %s',
    (address) => {
      expect(from(address)).toBe(false);
    },
  );

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000', '[::1]', 'chat.example.org', 'chat.example.org:8443'])(
    'opens under the name %s',
    (host) => {
      expect(from('127.0.0.1', { host })).toBe(true);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example:3000',
    'evil.example:127',
    'localhost@evil.example',
    'localhost:3000, evil.example',
    '',
  ])('not under the name %j, however it resolves', (host) => {
    expect(from('127.0.0.1', { host })).toBe(false);
  });

  it('not to a caller who says no name', () => {
    expect(isLocalCaller({ remoteAddress: '127.0.0.1', headers: {} }, publicUrl)).toBe(false);
  });

  it.each(['forwarded', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host', 'via'])('not through a proxy that sends %s', (header) => {
    expect(from('127.0.0.1', { [header]: '127.0.0.1' })).toBe(false);
    expect(from('127.0.0.1', { [header]: '' })).toBe(false);
  });
});
