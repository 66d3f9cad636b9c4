import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key of 32 bytes for one purpose, from the server's root secret (HKDF-SHA256, RFC 5869): a key that leaks tells nothing of the others. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'parley', purpose, 32));
}

/** SHA-256 of a high-entropy token, for storing and looking it up. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** A new opaque token: 256 random bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares two byte strings in constant time; different lengths are unequal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
