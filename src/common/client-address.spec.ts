import { describe, expect, it } from '@jest/globals';
import { clientAddress } from './client-address.js';

describe('the address of a caller', () => {
  it('is the peer when no proxy is trusted, whatever the header says', () => {
    expect(clientAddress(false)('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
    expect(clientAddress(0)('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
    expect(clientAddress(false)('::ffff:203.0.113.9', undefined)).toBe('203.0.113.9');
  });

  it('is found behind a number of proxies, and a forged beginning of the header is not reached', () => {
    const one = clientAddress(1);
    expect(one('10.0.0.1', '6.6.6.6, 198.51.100.7')).toBe('198.51.100.7');
    expect(clientAddress(2)('10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7');
    expect(clientAddress(2)('10.0.0.1', ['6.6.6.6, 198.51.100.7', '10.0.0.2'])).toBe('198.51.100.7');
  });

  it('is found behind known proxies, by address, network and netmask', () => {
    for (const trusted of ['10.0.0.0/8, ::1', '10.0.0.0/255.0.0.0', '10.0.0.1,10.0.0.2']) {
      expect(clientAddress(trusted)('10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7');
    }
    expect(clientAddress('10.0.0.1')('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
    expect(clientAddress('::1')('::1', '2001:db8::5')).toBe('2001:db8::5');
  });

  it('stops at what is no address', () => {
    expect(clientAddress(3)('10.0.0.1', '6.6.6.6, evil\tname')).toBe('10.0.0.1');
  });

  it('refuses a list that cannot be read', () => {
    expect(() => clientAddress('10.0.0.0/99')).toThrow(/TRUST_PROXY/);
    expect(() => clientAddress('10.0.0')).toThrow(/TRUST_PROXY/);
  });
});
