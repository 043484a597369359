import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { fieldKinds } from '../../../sandbox/onepassword/fields.ts';
import { fileConfiguration } from '../../../settings/file.ts';
import { parseSettings } from '../../../settings/settings.ts';

type Named = Record<string, Record<string, Record<string, unknown>>>;

/** What docs/pipeline.md tells a team to add, on top of the committed settings. */
function withPipeline() {
  const [, block = ''] = /```yaml\n(config:\n[\s\S]+?)```/.exec(readFileSync('docs/pipeline.md', 'utf8')) ?? [];
  const added = (parse(block) as { config: Named }).config;
  const committed = fileConfiguration(process.cwd()) as Named;
  const part = (name: 'netlify' | 'github', list: 'variables' | 'secrets') => ({
    [name]: {
      ...committed[name],
      [list]: { ...committed[name]?.[list], ...added[`allincompassing:${name}`]?.[list] },
    },
  });
  return parseSettings({ ...committed, ...part('netlify', 'variables'), ...part('github', 'secrets') });
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
