import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const version = 'v1.';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what waiting mails carry (AES-256-GCM, a random 96-bit IV each): codes and tokens never stand in clear in the database, its backups
 * or its logs.
 */
export class MailCipher {
  /** @param key 32 bytes, of this purpose alone */
  constructor(private readonly key: Buffer) {}

  /** @param context what the secret belongs to; the same is needed to open it, so that nobody moves it to another row */
  seal(secret: string, context: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return version + Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws Error when it was sealed with another key or context, or changed since */
  open(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
    if (!sealed.startsWith(version) || bytes.length < ivBytes + tagBytes) throw new Error('Not a sealed mail.');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(bytes.length - tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes)), decipher.final()]).toString('utf8');
  }
}
