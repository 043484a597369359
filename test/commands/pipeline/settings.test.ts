import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fieldKinds } from '../../../sandbox/standIns/onepassword/fields.ts';
import { fileConfiguration } from '../../../settings/stack/file.ts';
import { parseSettings, placementsIn } from '../../../settings/settings.ts';
import { pipelineSettings } from '../../support/pipelineSettings.ts';
import { fixtureRoot } from '../../support/fixture.ts';

type Raw = Record<string, Record<string, object>>;

/** The committed settings with what docs/pipeline.md tells a team to add. */
function withPipeline() {
  const { values, ...others } = fileConfiguration(fixtureRoot) as Raw;
  const added = Object.entries(pipelineSettings()).map(([name, value]): [string, object] => [
    name,
    { ...values?.[name], ...value },
  ]);
  return parseSettings({ ...others, values: { ...values, ...Object.fromEntries(added) } });
}

describe('the settings of a team with the pipeline', () => {
  it('declare every secret that the deploy job reads, and no other', () => {
    const template = readFileSync('pipeline/template/ci.yml', 'utf8');
    const read = new Set([...template.matchAll(/\bsecrets\.(\w+)/g)].map(([, name]) => name));
    const secrets = placementsIn(withPipeline(), 'actionsSecret');
    // The publishable key is a team's that has one: the anon key stands for both in the settings.
    read.delete('SUPABASE_PUBLISHABLE_KEY');
    expect(secrets.map(({ name }) => name).sort()).toEqual([...read].sort());
    for (const { source } of secrets) {
      if (source.kind === 'reference') expect(Object.keys(fieldKinds)).toContain(source.reference.split('/').at(-1));
    }
  });
});
