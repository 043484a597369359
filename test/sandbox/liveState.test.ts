import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { existingTeam } from '../../sandbox/stack/existingTeam.ts';
import { seedGitHub } from '../../sandbox/standIns/github/index.ts';
import { liveState } from '../../sandbox/stack/liveState.ts';
import { seedNetlify } from '../../sandbox/standIns/netlify/index.ts';
import { openVault } from '../../sandbox/standIns/onepassword/index.ts';
import { sandboxPaths } from '../../sandbox/process/paths.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { fixtureRoot } from '../support/fixture.ts';

describe('what is live in a sandbox', () => {
  const dir = mkdtempSync(join(tmpdir(), 'live-state-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('is compared with what is declared: values byte for byte, checks with their app', () => {
    const { services } = sandboxPaths(dir);
    const vault = openVault(services);
    const { netlify, github } = existingTeam(vault);
    seedNetlify(services, netlify);
    seedGitHub(services, github);
    const live = () => liveState(dir, fileSettings(fixtureRoot));
    expect(live().variable('SUPABASE_URL', 'production')).toBe('in place');
    expect(live().variable('DEFAULT_ORGANIZATION_ID', 'production')).toBe('in place');
    expect(live().variable('SUPABASE_URL', 'branch:staging')).toBe('missing');
    expect(live().placed('github-NETLIFY_AUTH_TOKEN')).toBe('in place');
    expect(live().placed('github-SLACK_WEBHOOK_URL')).toBe('missing');
    expect(live().check('develop', 'build')).toBe('in place');
    expect(live().check('develop', 'build:15368')).toBe('differs');
    expect(live().check('develop', 'deploy-staging:15368')).toBe('missing');

    vault.rotate('netlify_auth_token');
    vault.set('production_url', 'https://other.example');
    expect(live().placed('github-NETLIFY_AUTH_TOKEN')).toBe('differs');
    expect(live().variable('SUPABASE_URL', 'production')).toBe('differs');
  });
});
