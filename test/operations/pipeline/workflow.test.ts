import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { withDeployJob, workflowDifferences } from '../../../operations/pipeline/workflow.ts';

const template = readFileSync('pipeline/template/ci.yml', 'utf8');
const file = '.github/workflows/ci.yml: ';

const existing = `# The team's own.
name: Build and test
on:
  push:
    branches: [ main ]   # odd spacing stays
  schedule:
    - cron: '0 4 * * *'

jobs:
  lint:   # fast
    runs-on: ubuntu-24.04
    steps:
      - run: npm run lint
  build:
    runs-on: ubuntu-24.04
    steps:
    - run: npm run build
    # the last comment
`;

describe('the deploy job in an existing workflow', () => {
  it('names what keeps the check from reporting everywhere', () => {
    expect(workflowDifferences(existing, template)).toEqual([
      `${file}does not run on pull_request: a required check that never reports blocks for ever`,
      `${file}does not run on merge_group: a required check that never reports blocks for ever`,
      `${file}push leaves out the branch develop`,
      `${file}has no job deploy-staging`,
    ]);
  });

  it('adds job and triggers, keeps the rest, and has nothing to do a second time', () => {
    const text = withDeployJob(existing, template);
    expect(workflowDifferences(text, template)).toEqual([]);
    expect(withDeployJob(text, template)).toBe(text);
    for (const kept of [
      "# The team's own.\nname: Build and test",
      '  lint:   # fast',
      '    - run: npm run build\n    # the last comment',
    ]) {
      expect(text).toContain(kept);
    }
    expect((parse(text) as { on: object }).on).toMatchObject({ schedule: [{ cron: '0 4 * * *' }], merge_group: null });
  });

  it('takes the short form of on:', () => {
    const text = withDeployJob(existing.replace(/on:[\s\S]*?\n\n/, 'on: [push, workflow_dispatch]\n\n'), template);
    expect(workflowDifferences(text, template)).toEqual([]);
    expect(Object.keys((parse(text) as { on: object }).on)).toContain('workflow_dispatch');
  });

  it('finds a job that was changed by hand, says in what, and puts it back', () => {
    const loosened = template.replace('    if: always()\n', '');
    expect(workflowDifferences(loosened, template)).toEqual([`${file}the job deploy-staging deviates in if`]);
    expect(workflowDifferences(withDeployJob(loosened, template), template)).toEqual([]);
  });

  it('finds a filter that leaves the check pending', () => {
    const filtered = template.replace('  pull_request:\n', "  pull_request:\n    paths: ['src/**']\n");
    expect(workflowDifferences(filtered, template)).toEqual([
      `${file}pull_request is filtered by paths: what is filtered out stays pending`,
    ]);
  });
});
