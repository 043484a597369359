import { describe, expect, it } from '@jest/globals';
import { githubOrganization } from '../../../commands/drift/checks/githubOrganization.ts';
import type { LiveCheck } from '../../../services/github/checks.ts';
import { githubActionsAppId } from '../../../settings/names/requiredCheck.ts';
import { livePlaces, settings } from './lookFixture.ts';

const name = 'DEFAULT_ORGANIZATION_ID';
const declared = {
  ...settings,
  placements: [{ place: 'actionsSecret' as const, value: name, name, source: { kind: 'organizationId' as const } }],
};
const written = '2026-01-02T00:00:00Z';
const places = livePlaces({ actionsSecret: [{ name, createdAt: written, updatedAt: written }] });
const report = (more: Partial<LiveCheck>): LiveCheck => ({
  id: 1,
  appId: githubActionsAppId,
  status: 'completed',
  conclusion: 'success',
  at: '2026-01-03T00:00:00Z',
  url: undefined,
  ...more,
});
const look = (latest: LiveCheck | undefined, annotations: readonly string[] = []) => {
  const { findings, notChecked = [] } = githubOrganization(declared, places, {
    latest,
    annotations,
    actionsAppId: githubActionsAppId,
  });
  return [findings.map(({ kind, severity, fix }) => [kind, severity, fix.by]), notChecked.join()];
};

describe('the organisation in GitHub’s secret', () => {
  it('is proven by the last job that succeeded after the secret was written', () => {
    expect(look(report({}))).toEqual([[], '']);
  });

  it('is a finding when that job found another one on the site', () => {
    expect(look(report({ conclusion: 'failure' }), ['Smoke: wrong-organization'])).toEqual([
      [['github-organization-differs', 'critical', 'machine']],
      '',
    ]);
  });

  it.each([
    ['nobody has reported', undefined, 'no deploy-staging has compared them yet'],
    ['another app has reported', report({ appId: 1 }), 'no deploy-staging has compared them yet'],
    ['it is still running', report({ conclusion: null }), 'no deploy-staging has compared them yet'],
    ['the secret is newer', report({ at: '2026-01-01T00:00:00Z' }), 'since the secret was written'],
    ['it failed before', report({ conclusion: 'failure' }), 'ended before it compared them'],
  ])('is said to be unknown when %s', (_, latest, why) => {
    expect(look(latest)).toEqual([[], expect.stringContaining(why)]);
  });

  it('is not asked for where it is not declared', () => {
    expect(
      githubOrganization(settings, places, {
        latest: undefined,
        annotations: [],
        actionsAppId: githubActionsAppId,
      }),
    ).toEqual({ findings: [] });
  });
});
