import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Export } from '../../engine/deployment.ts';
import type { Existing } from '../../adoption/existing.ts';
import { withArrived } from '../../commands/recover/arrived.ts';
import { lateArrivals } from '../../commands/recover/late.ts';
import { recovered } from '../../commands/recover/state.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { fixtureRoot } from '../support/fixture.ts';

const { netlify } = fileSettings(fixtureRoot);
const key = 'SUPABASE_SERVICE_ROLE_KEY';
/** A stack in order: nothing is pending, and it was written at noon. */
const state: Export = {
  version: 3,
  deployment: {
    manifest: { time: '2026-01-01T12:00:00Z' },
    resources: [
      {
        urn: `urn:pulumi:staging::p::netlify:index/environmentVariable:EnvironmentVariable::netlify-${key}`,
        type: 'netlify:index/environmentVariable:EnvironmentVariable',
        inputs: { key },
        outputs: { lastUpdated: '2026-01-01T10:00:00Z' },
      },
    ],
  },
};
const live = (updatedAt: string, name = key): LiveVariable => ({
  ...{ key: name, secret: true, scopes: [], updatedAt, updatedBy: 'Ann' },
  values: [{ id: '1', context: 'production', value: undefined }],
});
const late = (updatedAt: string, keys = [key]) =>
  lateArrivals(state, { variables: [live(updatedAt)] } as unknown as Existing, keys, netlify);

let said: string;
beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => void jest.restoreAllMocks());

describe('a write that came after the stack was put in order', () => {
  it('is acknowledged when a person names its key: the next update writes it again', () => {
    const plan = withArrived({ decisions: late('2026-01-01T12:08:00Z') }, [key]);
    expect(plan.decisions).toMatchObject([{ action: 'acknowledge', key, interrupted: 'updating' }]);
    const [resource] = recovered(state, plan.decisions, []).deployment.resources ?? [];
    expect(Date.parse(String(resource?.outputs?.lastUpdated))).toBeGreaterThanOrEqual(
      Date.parse('2026-01-01T12:08:00Z'),
    );
    expect(said).toBe('');
  });

  it('is left alone where nobody names its key', () => {
    expect(late('2026-01-01T12:08:00Z', [])).toEqual([]);
  });

  it('is somebody else’s when it came longer after than a provider lives', () => {
    expect(withArrived({ decisions: late('2026-01-01T12:16:00Z') }, [key]).decisions).toMatchObject([
      { action: 'leave', key },
    ]);
  });

  it.each([
    ['has not changed since', '2026-01-01T10:00:00.900Z', key],
    ['is not there', '2026-01-01T12:08:00Z', 'MISSPELT'],
  ])('is none when the key %s, and that is said', (_what, updatedAt, named) => {
    expect(late(updatedAt, [named])).toEqual([]);
    expect(said).toBe(
      `--arrived ${named}: Netlify has not changed it since the stack knows it, so nothing came late.\n`,
    );
  });
});
