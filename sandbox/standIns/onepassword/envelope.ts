import { constants, createCipheriv, createDecipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { base64url, fromBase64url } from './encoding.ts';

/** An encrypted JSON value on the wire; `kid` names the key that opens it. */
export interface Envelope {
  readonly kid: string;
  readonly enc: string;
  readonly cty: string;
  readonly iv?: string;
  readonly data: string;
}

const contentType = 'b5+jwk+json';
const tagLength = 16;

/** Encrypts `value` as JSON with AES-256-GCM. */
export function seal(kid: string, key: Buffer, value: unknown): Envelope {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
  return { kid, enc: 'A256GCM', cty: contentType, iv: base64url(iv), data: base64url(data) };
}

/** Decrypts an envelope's JSON; throws when the key is another one or the data was changed. */
export function open(key: Buffer, envelope: Envelope): unknown {
  const data = fromBase64url(envelope.data);
  const decipher = createDecipheriv('aes-256-gcm', key, fromBase64url(envelope.iv ?? ''));
  decipher.setAuthTag(data.subarray(-tagLength));
  const text = Buffer.concat([decipher.update(data.subarray(0, -tagLength)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}

/** Encrypts `value` for the owner of an RSA key (RSA-OAEP with SHA-1, as 1Password's keysets do). */
export function sealFor(kid: string, publicKey: JsonWebKey, value: unknown): Envelope {
  const key = createPublicKey({ key: publicKey, format: 'jwk' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const data = publicEncrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(JSON.stringify(value)));
  return { kid, enc: 'RSA-OAEP', cty: contentType, data: base64url(data) };
}

/** A symmetric key as a JSON Web Key. */
export function symmetricJwk(kid: string, key: Buffer): JsonWebKey {
  return { alg: 'A256GCM', ext: true, k: base64url(key), key_ops: ['encrypt', 'decrypt'], kty: 'oct', kid };
}
