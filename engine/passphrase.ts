import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { configurationFile } from '../settings/stack/stackFile.ts';

/** Decrypts one ciphertext of a stack's state. Throws when it is of another form, or another key's. */
export type Decrypt = (ciphertext: string) => string;

/** The key of a stack's passphrase, which is being derived. */
export interface PassphraseKey {
  /** As the stack's file spells it: `v1:SALT:` and the word `pulumi`, encrypted. */
  readonly salt: string;
  readonly decrypt: Promise<Decrypt>;
}

const derive = promisify(pbkdf2);

/**
 * Begins to derive the key of a stack that a passphrase protects, in a thread of its own: it takes as long as `pulumi`
 * takes to read the state, so the two go on at once. `undefined` where something else than a passphrase at hand protects
 * the stack: Pulumi decrypts that state itself.
 */
export function startPassphraseKey(
  root: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): PassphraseKey | undefined {
  const given = passphrase(env);
  const salt = encryptionSalt(configurationFile(root, stack, env));
  if (given === undefined || salt === undefined) return undefined;
  const decrypt = decrypter(given, salt);
  decrypt.catch(() => undefined); // heard by the one who awaits it
  return { salt, decrypt };
}

/** Where Pulumi itself takes it from, in the same order. */
function passphrase(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return file ? textOf(file)?.trim() : undefined;
}

/** The file is YAML; Pulumi writes this key on one line, and anything else is left to Pulumi. */
function encryptionSalt(file: string): string | undefined {
  return /^encryptionsalt: (v1:\S+)$/m.exec(textOf(file) ?? '')?.[1];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Pulumi's own form: AES-256-GCM, its key by a million rounds of PBKDF2 with SHA-256. A wrong passphrase throws. */
async function decrypter(given: string, salt: string): Promise<Decrypt> {
  const [version = '', encoded = '', ...check] = salt.split(':');
  if (version !== 'v1') throw new Error('not a form that is known here');
  const key = await derive(given, Buffer.from(encoded, 'base64'), 1_000_000, 32, 'sha256');
  const decrypt: Decrypt = (ciphertext) => {
    const [form, nonce = '', text = ''] = ciphertext.split(':');
    if (form !== 'v1') throw new Error('not a form that is known here');
    const sealed = Buffer.from(text, 'base64');
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 });
    cipher.setAuthTag(sealed.subarray(-16));
    return cipher.update(sealed.subarray(0, -16), undefined, 'utf8') + cipher.final('utf8');
  };
  decrypt(check.join(':')); // sealed by the right passphrase alone
  return decrypt;
}
