import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fieldKinds } from '../../../sandbox/onepassword/fields.ts';
import { fileConfiguration } from '../../../settings/file.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { pipelineSettings } from '../../support/pipelineSettings.ts';

type Raw = Record<string, Record<string, Record<string, unknown>>>;

/** The committed settings with what docs/pipeline.md tells a team to add. */
function withPipeline() {
  const { netlify, github, ...others } = fileConfiguration(process.cwd()) as Raw;
  const { variables, secrets } = pipelineSettings();
  return parseSettings({
    ...others,
    netlify: { ...netlify, variables: { ...netlify?.variables, ...variables } },
    github: { ...github, secrets: { ...github?.secrets, ...secrets } },
  });
}

describe('the settings of a team with the pipeline', () => {
  it('declare every secret that the deploy job reads, and no other', () => {
    const template = readFileSync('pipeline/template/ci.yml', 'utf8');
    const read = new Set([...template.matchAll(/\bsecrets\.(\w+)/g)].map(([, name]) => name));
    const { secrets } = withPipeline().github;
    expect(secrets.map(({ name }) => name).sort()).toEqual([...read].sort());
    for (const { source } of secrets) {
      if (source.kind === 'reference') expect(Object.keys(fieldKinds)).toContain(source.reference.split('/').at(-1));
    }
  });

  it('name the environment in staging’s contexts, and touch no other', () => {
    const runtime = withPipeline().netlify.variables.find(({ name }) => name === 'RUNTIME_ENV');
    expect(runtime?.values.map(({ context }) => context)).toEqual(['branch:staging', 'branch:develop']);
  });
});
