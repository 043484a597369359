import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, ItemFieldType } from '@1password/sdk';
import { site, supabase } from '../../sandbox/process/identity.ts';
import { createOnePassword, serviceAccountToken } from '../../sandbox/standIns/onepassword/index.ts';
import { startOnePassword, type TestServer } from './onepasswordServer.ts';

const root = 'op://Platform/Supabase';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startOnePassword();
  client = await server.signIn();
});
afterAll(() => server.close());

const resolve = (label: string) => client.secrets.resolve(`${root}/${label}`);

describe("1Password's stand-in, through the unmodified SDK", () => {
  it('lists the vault Platform with the item Supabase', async () => {
    const [vault, ...otherVaults] = await client.vaults.list();
    expect({ title: vault?.title, others: otherVaults.length }).toEqual({ title: 'Platform', others: 0 });
    const items = await client.items.list(vault?.id ?? '');
    expect(items.map((item) => item.title)).toEqual(['Supabase']);
    const item = await client.items.get(vault?.id ?? '', items[0]?.id ?? '');
    expect(item.fields.filter((field) => field.fieldType === ItemFieldType.Text).map((field) => field.title)).toEqual([
      'url',
      'default_organization_id',
      'netlify_site_id',
      'smoke_user_email',
      'production_url',
    ]);
  });

  it.each([
    ['url', new RegExp(`^${supabase.url}$`)],
    ['access_token', /^sbp_[0-9a-f]{40}$/],
    ['default_organization_id', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['netlify_auth_token', /^nfp_\w{36}$/],
    ['netlify_site_id', new RegExp(`^${site.id}$`)],
    ['slack_webhook_url', /^https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]{10}\/B[A-Z0-9]{10}\/\w{24}$/],
    ['openai_api_key', /^sk-proj-\w{74}T3BlbkFJ\w{74}$/],
    ['s3_access_key_id', /^AKIA[A-Z2-7]{16}$/],
    ['s3_secret_access_key', /^[\w/+]{40}$/],
  ])("fills %s in the vendor's shape", async (label, shape) => {
    expect(shape.test(await resolve(label))).toBe(true);
  });

  it.each(['anon', 'service_role'])('makes the %s key a JWT of its role and project', async (role) => {
    const [, claims = ''] = (await resolve(`${role}_key`)).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ role, ref: supabase.projectRef });
  });

  it('takes an item whole as the SDK writes it, and refuses one that somebody changed meanwhile', async () => {
    const own = await startOnePassword();
    const writer = await own.signIn();
    const [vault] = await writer.vaults.list();
    const [listed] = await writer.items.list(vault?.id ?? '');
    const item = await writer.items.get(vault?.id ?? '', listed?.id ?? '');
    const field = { id: 'previous_url', title: 'previous_url', sectionId: '', fieldType: ItemFieldType.Concealed };
    const written = await writer.items.put({ ...item, fields: [...item.fields, { ...field, value: 'the old one' }] });
    expect(written.version).toBe(item.version + 1);
    expect(await writer.secrets.resolve(`${root}/previous_url`)).toBe('the old one');
    expect(own.service.vault.list()).toHaveLength(item.fields.length + 1);
    await expect(writer.items.put(item)).rejects.toThrow(/not up to date/);
    await own.close();
  });

  it('keeps a key of several lines byte for byte', async () => {
    const pem = await resolve('private_key');
    expect(pem.split('\n').length).toBeGreaterThan(3);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ed25519');
    expect(pem === server.service.vault.read('private_key')).toBe(true);
  });

  it('begins production with the keys of the one Supabase project', async () => {
    const references = [`${root}/service_role_key`, `${root}/production_service_role_key`];
    const { individualResponses } = await client.secrets.resolveAll(references);
    const [staging, production] = references.map((reference) => individualResponses[reference]?.content?.secret);
    expect(staging !== undefined && staging === production).toBe(true);
  });

  it.each([
    ['takes the label outside sections first', 'own'],
    ['falls back to a section when the item’s own field is missing, as 1Password does', 'of the section'],
  ])('%s', async (_, expected) => {
    const { vault } = server.service;
    vault.set('archive/twin', 'of the section');
    if (expected === 'own') vault.set('twin', 'own');
    expect(await resolve('twin')).toBe(expected);
    if (expected === 'own') vault.remove('twin');
    vault.remove('archive/twin');
  });

  it('gives production an OpenAI key of its own', async () => {
    expect((await resolve('openai_api_key')) === (await resolve('production_openai_api_key'))).toBe(false);
  });

  it.each([
    ['several lines', 'first\r\nsecond\n\n  third \n'],
    ['unicode', 'schlüssel 鍵 🔑 \u0000 \u2028'],
    ['nothing', ''],
    ['quotes', `"'\\$(x) \`y\` \${z}`],
    ['64 KB', 'x'.repeat(65_536)],
  ])('carries a value of %s unchanged', async (_, value) => {
    server.service.vault.set('probe', value);
    expect(await resolve('probe')).toBe(value);
  });

  it('answers a batch with duplicates and misses one by one', async () => {
    const wanted = ['url', 'url', 'production_url', 'nothing_here'].map((label) => `${root}/${label}`);
    const { individualResponses } = await client.secrets.resolveAll(wanted);
    expect(Object.keys(individualResponses).sort()).toEqual([...new Set(wanted)].sort());
    expect(individualResponses[`${root}/nothing_here`]?.error).toEqual({ type: 'fieldNotFound' });
  });
});

describe('the vault as people edit it', () => {
  it('lists references without a value', () => {
    const { vault } = server.service;
    const listed = vault.list();
    expect(listed.map(({ label }) => label).slice(0, 3)).toEqual(['url', 'anon_key', 'service_role_key']);
    expect(listed.find(({ label }) => label === 'production_url')?.reference).toBe(`${root}/production_url`);
    const text = JSON.stringify(listed);
    for (const { label } of listed) {
      const value = vault.read(label);
      if (value.length > 0) expect(text.includes(value)).toBe(false);
    }
  });

  it.each(['access_token', 'anon_key', 'production_openai_api_key', 'private_key'])(
    'rotates %s to another value of the same shape, which a signed-in client sees at once',
    async (label) => {
      const before = await resolve(label);
      server.service.vault.rotate(label);
      const after = await resolve(label);
      expect(after === before).toBe(false);
      expect(after.slice(0, 4) === before.slice(0, 4)).toBe(true);
    },
  );

  it('adds and removes a field, in a new section too', async () => {
    server.service.vault.set('preview/url', 'https://example.com');
    expect(await resolve('preview/url')).toBe('https://example.com');
    server.service.vault.remove('preview/url');
    await expect(resolve('preview/url')).rejects.toThrow('no section matched the secret reference');
  });

  it('refuses what it cannot do and changes nothing', () => {
    const { vault } = server.service;
    const before = readFileSync(join(server.stateDir, 'onepassword.json'), 'utf8');
    expect(() => vault.rotate('no_such_label')).toThrow('No field "no_such_label"');
    expect(() => vault.rotate('netlify_site_id')).toThrow('does not rotate');
    expect(() => vault.rotate('probe')).toThrow('does not know the shape of "probe"');
    expect(() => vault.remove('no_such_label')).toThrow('No field "no_such_label"');
    expect(() => vault.set('a/b/c', 'value')).toThrow('NAME or SECTION/NAME');
    expect(readFileSync(join(server.stateDir, 'onepassword.json'), 'utf8')).toBe(before);
  });
});

describe('the state on disk', () => {
  it('is readable by its owner only', () => {
    expect(statSync(join(server.stateDir, 'onepassword.json')).mode & 0o777).toBe(0o600);
  });

  it('makes the same token and values after a restart, other ones in another sandbox', () => {
    const again = createOnePassword({ stateDir: server.stateDir });
    expect(again.vault.read('anon_key') === server.service.vault.read('anon_key')).toBe(true);
    expect(serviceAccountToken(server.stateDir, server.port) === server.token).toBe(true);
    const other = mkdtempSync(join(tmpdir(), 'onepassword-'));
    try {
      const fresh = createOnePassword({ stateDir: other }).vault.read('anon_key');
      expect(fresh === server.service.vault.read('anon_key')).toBe(false);
    } finally {
      rmSync(other, { recursive: true });
    }
  });
});
