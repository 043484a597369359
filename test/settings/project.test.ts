import { describe, expect, it } from '@jest/globals';
import { parseSettings, SettingsError } from '../../settings/settings.ts';

const own = 'abcdefghijklmnopqrst';
const from = 'op://Platform/Supabase/field';
const configuration = (supabase: object) => ({
  organizationId: '11111111-2222-4333-8444-555555555555',
  values: { KEY: { from, production: 'op://Platform/Supabase/other', netlify: true, edgeFunction: true } },
  netlify: { site: 'Site', team: 'team' },
  github: { repository: 'repository' },
  supabase: { project: own, ...supabase },
});

/** What is wrong with these settings of the Supabase project. */
function problems(supabase: object): readonly string[] {
  try {
    parseSettings(configuration(supabase));
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('the Supabase project', () => {
  it('is shared with production by default: its Edge Functions get production’s own value', () => {
    const [secret] = parseSettings(configuration({})).placements;
    expect(secret?.source).toEqual({ kind: 'reference', reference: 'op://Platform/Supabase/other' });
  });

  it('of staging’s own gets staging’s value', () => {
    const separate = { mode: 'separate-project', project: own, productionProject: 'zyxwvutsrqponmlkjihg' };
    const [secret] = parseSettings(configuration({ ...separate, onRemoval: 'delete' })).placements;
    expect(secret?.source).toEqual({ kind: 'reference', reference: from });
  });

  it('has to be named', () => {
    const { supabase, ...without } = configuration({});
    expect(supabase.project).toBe(own);
    const fix = 'Set it: pulumi config set --path allincompassing:supabase.project REF';
    expect(() => parseSettings(without)).toThrow(`allincompassing:supabase: is missing. ${fix}`);
    expect(() => parseSettings({ ...without, supabase: {} })).toThrow(
      `allincompassing:supabase.project: is missing: the reference of the Supabase project. ${fix}`,
    );
  });

  it.each<[string, object, string]>([
    [
      'a shared one whose secrets would be deleted',
      { onRemoval: 'delete' },
      'supabase.onRemoval: delete would remove what production’s functions read; on a shared project it must be retain',
    ],
    [
      'one of its own without production’s beside it',
      { mode: 'separate-project', project: own },
      'supabase.productionProject: is needed with separate-project: name the project that production has',
    ],
    [
      'one of its own that is production’s',
      { mode: 'separate-project', project: own, productionProject: own },
      'supabase.productionProject: is the same as supabase.project; use the mode shared-project',
    ],
    [
      'a reference that is none',
      { project: 'https://x.supabase.co' },
      'supabase.project: must be the 20 letters of the project’s reference',
    ],
  ])('is refused: %s', (_, supabase, expected) => {
    expect(problems(supabase)).toEqual([`allincompassing:${expected}`]);
  });
});
