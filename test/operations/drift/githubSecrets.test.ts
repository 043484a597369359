import { describe, expect, it } from '@jest/globals';
import { githubSecrets } from '../../../operations/drift/githubSecrets.ts';
import type { Recorded } from '../../../operations/drift/recorded.ts';
import { recorded, settings } from './lookFixture.ts';

const name = 'SLACK_WEBHOOK_URL';
const written = '2026-01-01T00:00:00Z';
const declared = {
  ...settings,
  github: { ...settings.github, secrets: [{ name, source: { kind: 'organizationId' as const } }] },
};

const kinds = (updatedAt: string | undefined) => {
  const state: Recorded = { ...recorded, secrets: new Map([[name, { updatedAt, value: undefined }]]) };
  const live = {
    declaredPlace: [{ name, createdAt: written, updatedAt: written }],
    environment: [],
    environmentExists: true,
  };
  return githubSecrets(declared, state, live, 90, Date.parse('2026-01-02T00:00:00Z')).map(({ kind }) => kind);
};

describe('an Actions secret', () => {
  it.each([
    ['has GitHub’s own time', written, []],
    ['has another one', '2025-12-31T00:00:00Z', ['github-secret-changed']],
    ['has none', undefined, ['github-secret-changed']],
  ])('is compared by the time of its last write: the record %s', (_what, updatedAt, expected) => {
    expect(kinds(updatedAt)).toEqual(expected);
  });
});
