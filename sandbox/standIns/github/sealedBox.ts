import { randomInt } from 'node:crypto';
import sodium from 'libsodium-wrappers';
import type { KeyPair } from './records.ts';

/** Resolves when libsodium can be used; everything below needs it. */
export const sodiumReady = (): Promise<void> => sodium.ready;

/** A new key pair, with an id of the form that GitHub gives. */
export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return {
    id: `3380${Array.from({ length: 15 }, () => randomInt(10)).join('')}`,
    publicKey: Buffer.from(publicKey).toString('base64'),
    privateKey: Buffer.from(privateKey).toString('base64'),
  };
}

/** What is in a sealed box (base64), byte for byte as UTF-8; `undefined` when it was not sealed for this key. */
export function openSealed(sealed: string, pair: KeyPair): string | undefined {
  try {
    const opened = sodium.crypto_box_seal_open(
      Buffer.from(sealed, 'base64'),
      Buffer.from(pair.publicKey, 'base64'),
      Buffer.from(pair.privateKey, 'base64'),
    );
    return Buffer.from(opened).toString('utf8');
  } catch {
    return undefined;
  }
}
