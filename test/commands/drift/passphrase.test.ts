import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPassphraseKey } from '../../../engine/passphrase.ts';

const folder = mkdtempSync(join(tmpdir(), 'passphrase-'));
const file = join(folder, 'Pulumi.staging.yaml');
const phrase = randomBytes(12).toString('hex');
const salt = randomBytes(8);
const key = pbkdf2Sync(phrase, salt, 1_000_000, 32, 'sha256');

/** A value as Pulumi encrypts it. */
function sealed(text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString('base64')}:${body.toString('base64')}`;
}

const stackSalt = `v1:${salt.toString('base64')}:${sealed('pulumi')}`;
const start = (env: NodeJS.ProcessEnv) => startPassphraseKey(folder, 'staging', env);

beforeAll(() => writeFileSync(file, `encryptionsalt: ${stackSalt}\nconfig:\n  a: b\n`));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the key of a stack’s passphrase', () => {
  it('opens what Pulumi sealed, in any script', async () => {
    const started = start({ PULUMI_CONFIG_PASSPHRASE: phrase });
    const decrypt = await started?.decrypt;
    expect(started?.salt).toBe(stackSalt);
    expect(decrypt?.(sealed('"Grüße, 世界\\n"'))).toBe('"Grüße, 世界\\n"');
    expect(() => decrypt?.(sealed('text').replace('v1', 'v2'))).toThrow('form');
    const damaged = sealed('text');
    expect(() =>
      decrypt?.(damaged.slice(0, -6) + (damaged.slice(-6, -5) === 'A' ? 'B' : 'A') + damaged.slice(-5)),
    ).toThrow();
  });

  it('is refused for a wrong passphrase', async () => {
    await expect(start({ PULUMI_CONFIG_PASSPHRASE: 'wrong' })?.decrypt).rejects.toThrow();
  });

  it('takes the passphrase from a file, and the salt from the file that Pulumi is told to use', async () => {
    const [passphraseFile, other] = [join(folder, 'passphrase'), join(folder, 'other.yaml')];
    writeFileSync(passphraseFile, `${phrase}\n`);
    writeFileSync(other, `config: {}\nencryptionsalt: ${stackSalt}\n`);
    const started = start({ PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile, PULUMI_OPTION_CONFIG_FILE: other });
    await expect(started?.decrypt).resolves.toBeInstanceOf(Function);
  });

  it('leaves a stack of another secrets provider, or without a passphrase at hand, to Pulumi', () => {
    expect(start({})).toBeUndefined();
    expect(start({ PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, 'none') })).toBeUndefined();
    writeFileSync(join(folder, 'kms.yaml'), 'secretsprovider: awskms://alias/x\nencryptedkey: abc\n');
    const env = { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_OPTION_CONFIG_FILE: join(folder, 'kms.yaml') };
    expect(start(env)).toBeUndefined();
  });
});
