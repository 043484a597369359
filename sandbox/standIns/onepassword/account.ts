import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { base64url, fromBase64url, newUuid } from './encoding.ts';
import { seal, symmetricJwk } from './envelope.ts';
import type { Credentials } from './srp.ts';

/** The stand-in's one account and its one service account; key material is base64url or JWK. */
export interface Account {
  readonly accountUuid: string;
  readonly userUuid: string;
  readonly deviceUuid: string;
  readonly email: string;
  readonly secretKey: string;
  readonly srpX: string;
  readonly salt: string;
  /** The master unlock key, which opens the keyset. */
  readonly masterKey: string;
  readonly throttleSecret: { readonly seed: string; readonly uuid: string };
  readonly keyset: {
    readonly uuid: string;
    readonly symmetricKey: string;
    readonly encryptionPrivate: JsonWebKey;
    readonly encryptionPublic: JsonWebKey;
    readonly signingPrivate: JsonWebKey;
    readonly signingPublic: JsonWebKey;
  };
}

const iterations = 650_000;
const masterKeyId = 'mp';
const keyLetters = '23456789ABCDEFGHJKLMNPQRSTVWXYZ';

/** Makes up an account with fresh keys. */
export function newAccount(): Account {
  const uuid = newUuid();
  const encryption = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key: JsonWebKey, use: string, alg?: string) => ({
    ...key,
    ...(alg && { alg }),
    ext: true,
    key_ops: [use],
    kid: uuid,
  });
  return {
    accountUuid: newUuid().toUpperCase(),
    userUuid: newUuid().toUpperCase(),
    deviceUuid: newUuid(),
    email: `${newUuid().slice(0, 13)}@1passwordserviceaccounts.com`,
    secretKey: newSecretKey(),
    srpX: randomBytes(32).toString('hex'),
    salt: base64url(randomBytes(16)),
    masterKey: base64url(randomBytes(32)),
    throttleSecret: { seed: randomBytes(32).toString('hex'), uuid: newUuid().toUpperCase() },
    keyset: {
      uuid,
      symmetricKey: base64url(randomBytes(32)),
      encryptionPrivate: jwk(encryption.privateKey.export({ format: 'jwk' }), 'decrypt', 'RSA-OAEP'),
      encryptionPublic: jwk(encryption.publicKey.export({ format: 'jwk' }), 'encrypt', 'RSA-OAEP'),
      signingPrivate: jwk(signing.privateKey.export({ format: 'jwk' }), 'sign'),
      signingPublic: jwk(signing.publicKey.export({ format: 'jwk' }), 'verify'),
    },
  };
}

/** `A3`, an id of six and five groups of the key proper. */
function newSecretKey(): string {
  const group = (length: number) =>
    Array.from({ length }, () => keyLetters.charAt(randomInt(keyLetters.length))).join('');
  return ['A3', ...[6, 6, 5, 5, 5, 5].map(group)].join('-');
}

/** The id that the secret key carries in clear. */
export function secretKeyId(account: Account): string {
  return account.secretKey.split('-')[1] ?? '';
}

/** What the sign-in's exchange needs to know. */
export function credentials(account: Account): Credentials {
  return {
    srpX: account.srpX,
    salt: fromBase64url(account.salt),
    secretKeyId: secretKeyId(account),
    email: account.email,
  };
}

/** How the account's password is stretched, as sign-in answers and token say it. */
export function userAuth(account: Account) {
  return { method: 'SRPg-4096', alg: 'PBES2g-HS256', iterations, salt: account.salt };
}

/** The service account's token for a stand-in on `port`: what `OP_SERVICE_ACCOUNT_TOKEN` holds. */
export function tokenOf(account: Account, port: number): string {
  const content = {
    // The SDK wants `localhost`: it turns a bare address into https.
    signInAddress: `http://localhost:${port}`,
    userAuth: userAuth(account),
    email: account.email,
    srpX: account.srpX,
    muk: symmetricJwk(masterKeyId, fromBase64url(account.masterKey)),
    secretKey: account.secretKey,
    throttleSecret: account.throttleSecret,
    deviceUuid: account.deviceUuid,
  };
  return `ops_${base64url(JSON.stringify(content))}`;
}

/** The account's keyset as the API answers it: private parts sealed, the chain begins at the master key. */
export function sealedKeyset(account: Account) {
  const { keyset } = account;
  const key = fromBase64url(keyset.symmetricKey);
  const master = fromBase64url(account.masterKey);
  return {
    uuid: keyset.uuid,
    encryptedBy: masterKeyId,
    sn: 1,
    encSymKey: {
      ...seal(masterKeyId, master, symmetricJwk(keyset.uuid, key)),
      alg: 'PBES2g-HS256',
      p2c: iterations,
      p2s: base64url(randomBytes(16)),
    },
    encPriKey: seal(keyset.uuid, key, keyset.encryptionPrivate),
    pubKey: keyset.encryptionPublic,
    encSPriKey: seal(keyset.uuid, key, keyset.signingPrivate),
    spubKey: keyset.signingPublic,
  };
}
