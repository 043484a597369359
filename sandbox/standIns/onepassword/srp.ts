import { getDiffieHellman, randomBytes } from 'node:crypto';
import { base64url, sha256 } from './encoding.ts';

/**
 * The server's half of SRP as 1Password does it (method `SRPg-4096`): the 4096-bit MODP group, g = 5, SHA-256.
 * Both sides prove that they know the password's x without sending it, and share a session key afterwards.
 */

const modulus = BigInt(`0x${getDiffieHellman('modp16').getPrime('hex')}`);
const generator = 5n;
const width = 512;

/** What client and server agreed on; `clientProof` is what an honest client must send next. */
export interface Exchange {
  readonly userB: string;
  readonly sessionKey: Buffer;
  readonly clientProof: Buffer;
  /** The server's answer to the right proof. */
  readonly serverProof: string;
}

/** What the two sides know before the exchange. */
export interface Credentials {
  /** Hex, 32 bytes. */
  readonly srpX: string;
  readonly salt: Buffer;
  /** The second group of the secret key. */
  readonly secretKeyId: string;
  readonly email: string;
}

/** Answers the client's public value; `undefined` when it is not one (SRP demands A mod N ≠ 0). */
export function answerExchange(credentials: Credentials, userA: string): Exchange | undefined {
  if (!/^[0-9a-f]+$/i.test(userA)) return undefined;
  const a = BigInt(`0x${userA}`);
  if (a % modulus === 0n) return undefined;
  const verifier = power(generator, BigInt(`0x${credentials.srpX}`));
  const secret = toNumber(randomBytes(32));
  const multiplier = toNumber(sha256(toBytes(modulus), padded(generator)));
  const b = (power(generator, secret) + multiplier * verifier) % modulus;
  const scrambler = toNumber(sha256(padded(a), padded(b)));
  const shared = power((a * power(verifier, scrambler)) % modulus, secret);
  const sessionKey = sha256(shared.toString(16));
  const clientProof = sha256(
    groupHash(),
    sha256(identity(credentials)),
    credentials.salt,
    toBytes(a),
    toBytes(b),
    sessionKey,
  );
  return {
    userB: toBytes(b).toString('hex'),
    sessionKey,
    clientProof,
    serverProof: base64url(sha256(toBytes(a), clientProof, sessionKey)),
  };
}

function identity({ secretKeyId, email }: Credentials): string {
  return base64url(sha256(sha256(secretKeyId), sha256(email.normalize('NFKD').toLowerCase())));
}

function groupHash(): Buffer {
  const ofGenerator = sha256(toBytes(generator));
  return Buffer.from(sha256(toBytes(modulus)).map((byte, index) => byte ^ (ofGenerator[index] ?? 0)));
}

function power(base: bigint, exponent: bigint): bigint {
  const factor = base % modulus;
  let result = 1n;
  // From the highest bit down: then only squares are large where the base is small, as the generator is.
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * factor) % modulus;
  }
  return result;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function padded(value: bigint): Buffer {
  const bytes = toBytes(value % modulus);
  return Buffer.concat([Buffer.alloc(width - bytes.length), bytes]);
}
