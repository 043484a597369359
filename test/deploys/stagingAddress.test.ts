import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openStaging, type StagingServices } from '../../deploys/stagingServices.ts';
import { stagingAddress } from '../../deploys/stagingAddress.ts';
import { createNetlify, netlifyTokens, seedNetlify } from '../../sandbox/standIns/netlify/index.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';

const site = 'allincompassing.netlify.app';
const before = { ...process.env };
let server: Listening;
const staging = openStaging('staging');
beforeAll(async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'netlify-'));
  seedNetlify(stateDir, { liveDeploy: true });
  server = await serve(createNetlify({ stateDir }));
  process.env.NETLIFY_API_ENDPOINT = server.url;
  process.env.NETLIFY_API_TOKEN = netlifyTokens(stateDir).admin;
});
afterEach(() => {
  delete process.env.STAGING_URL;
});
afterAll(async () => {
  process.env = before;
  await server.close();
});

/** Services with a site that carries staging alone. */
const separate = (): StagingServices => ({
  ...staging,
  settings: { ...staging.settings, netlify: { ...staging.settings.netlify, mode: 'separate-site' } },
});

describe('an address that a person gives for staging', () => {
  it.each([`https://staging--${site}`, `https://develop--${site}/`, `https://0123456789abcdef01234567--${site}`])(
    'is one of the site’s own: %s',
    async (given) => {
      expect(await stagingAddress(staging, given)).toBe(given.replace(/\/$/, ''));
    },
  );

  it.each([
    ['production’s, on a shared site', `https://${site}`],
    ['production’s branch', `https://main--${site}`],
    ['another site', 'https://staging--other.netlify.app'],
    ['a host that begins alike', `https://staging--${site}.evil.example`],
    ['a host that ends alike', `https://evil${site}`],
    ['another port', `https://staging--${site}:8443`],
    ['no TLS', `http://staging--${site}`],
    ['a user', `https://practice@staging--${site}`],
    ['a path', `https://staging--${site}/collect`],
    ['a query', `https://staging--${site}/?to=evil`],
    ['another scheme', 'javascript:alert(1)'],
    ['a word', 'staging'],
    ['nothing', ''],
  ])('is not %s', async (_, given) => {
    await expect(stagingAddress(staging, given)).rejects.toThrow(/^--url/);
  });

  it('is the site’s root where staging has a site of its own, and the domain that STAGING_URL names', async () => {
    expect(await stagingAddress(separate(), `https://${site}`)).toBe(`https://${site}`);
    process.env.STAGING_URL = 'https://staging.practice.example/';
    expect(await stagingAddress(staging, 'https://staging.practice.example')).toBe('https://staging.practice.example');
    await expect(stagingAddress(staging, 'https://practice.example')).rejects.toThrow(
      /^--url is no address of staging/,
    );
  });
});
