import { createHash, randomBytes } from 'node:crypto';

/** Bytes (or text) in the URL-safe base64 that 1Password's API uses everywhere. */
export function base64url(bytes: Buffer | string): string {
  return Buffer.from(bytes).toString('base64url');
}

/** The bytes of a base64url text. */
export function fromBase64url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

/** SHA-256 over the parts as if they were one. */
export function sha256(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** A 1Password UUID: 16 random bytes in base32, 26 characters. */
export function newUuid(): string {
  const bits = [...randomBytes(16)].map((byte) => byte.toString(2).padStart(8, '0')).join('') + '00';
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet.charAt(parseInt(five, 2))).join('');
}
