import { afterEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { fileConfiguration } from '../../settings/stack/file.ts';
import { parseSettings } from '../../settings/settings.ts';
import { fingerprintKey, stackSettings } from '../../settings/stack/stack.ts';
import { fixtureRoot } from '../support/fixture.ts';

/** The committed configuration as the engine hands it to a program: text, or JSON. */
function given(more: Readonly<Record<string, string>> = {}): void {
  const own = Object.entries(fileConfiguration(fixtureRoot)).map(([key, value]) => [
    `allincompassing:${key}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({ 'github:owner': 'x', ...(Object.fromEntries(own) as Record<string, string>), ...more });
}

describe('the settings of the running stack', () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it('are those of its file', () => {
    given({ 'allincompassing:fingerprintKey': 'k', 'allincompassing:allowDestroy': 'true' });
    expect(stackSettings()).toEqual({ ...parseSettings(fileConfiguration(fixtureRoot)), allowDestroy: true });
  });

  it('refuse a key that nobody knows, as the file’s reader does', () => {
    given({ 'allincompassing:allowDestory': 'true' });
    expect(stackSettings).toThrow(
      `(Pulumi.${pulumi.getStack()}.yaml):\n  - allincompassing: does not know allowDestory; check the spelling, or remove it`,
    );
  });

  it.each([
    ['netlify:endpoint', ', and set NETLIFY_API_ENDPOINT in the environment'],
    ['netlify:token', ', and set NETLIFY_API_TOKEN in the environment'],
    ['netlify:defaultTeamSlug', ''],
    ['github:baseUrl', ', and set GITHUB_BASE_URL in the environment'],
    ['github:token', ', and set GITHUB_TOKEN in the environment'],
    ['github:appAuth', ''],
    ['github:organization', ''],
    ['supabase:endpoint', ', and set SUPABASE_API_ENDPOINT in the environment'],
  ])('refuse %s, which would steer the provider past the guards, without its value', (key, instead) => {
    given({ [key]: 'canary' });
    expect(() => stackSettings({})).toThrow(`Remove it${instead}: pulumi config rm ${key}`);
    expect(() => stackSettings({})).not.toThrow(/canary/);
  });

  it('let the owner and the provider’s pace be set, and refuse another owner in the environment', () => {
    given({ 'github:writeDelayMs': '1', 'github:parallelRequests': 'true' });
    expect(() => stackSettings({ GITHUB_ORGANIZATION: 'x' })).not.toThrow();
    for (const name of ['GITHUB_ORGANIZATION', 'GITHUB_OWNER']) {
      expect(() => stackSettings({ [name]: 'X' })).not.toThrow();
      expect(() => stackSettings({ [name]: 'other' })).toThrow(`${name} is set, and GitHub’s provider would write`);
    }
  });

  it('refuse an address in the environment to which a provider would send its token in the clear', () => {
    given();
    for (const name of [
      ...['NETLIFY_API_ENDPOINT', 'GITHUB_BASE_URL', 'SUPABASE_API_ENDPOINT', 'STAGING_SUPABASE_URL'],
    ]) {
      for (const bad of ['http://canary.example', 'canary.example', 'http://127.0.0.1.canary.example']) {
        expect(() => stackSettings({ [name]: bad })).toThrow(`${name}: is no https:// address`);
        expect(() => stackSettings({ [name]: bad })).not.toThrow(/canary/);
      }
      for (const good of [
        'https://api.example',
        'http://127.0.0.1:4010/',
        'http://localhost:1',
        'http://[::1]:1',
        '',
      ]) {
        expect(() => stackSettings({ [name]: good })).not.toThrow(`${name}: is`);
      }
    }
  });

  it('have a fingerprint’s key only where it cannot be guessed', async () => {
    given();
    expect(fingerprintKey()).toBeUndefined();
    given({ 'allincompassing:fingerprintKey': 'k'.repeat(31) });
    expect(fingerprintKey).toThrow('allincompassing:fingerprintKey is shorter than 32 characters. Make one: openssl');
    given({ 'allincompassing:fingerprintKey': 'k'.repeat(32) });
    const key = fingerprintKey();
    expect(await pulumi.isSecret(key ?? pulumi.output(''))).toBe(true);
  });

  it('never print what is no JSON', () => {
    given({ 'allincompassing:netlify': '{ "site": "canary' });
    expect(stackSettings).toThrow(/allincompassing:netlify: is a text, and takes settings of its own/);
    expect(stackSettings).not.toThrow(/canary/);
  });
});
