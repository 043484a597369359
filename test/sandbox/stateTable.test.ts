import { plainly } from '../../machine/paint.ts';
import { describe, expect, it } from '@jest/globals';
import { stateTable, type StackOutputs } from '../../sandbox/stack/stateTable.ts';

const outputs: StackOutputs = {
  variables: {
    KEY: {
      secret: true,
      contexts: ['branch:staging', 'branch:develop'],
      fingerprints: { 'branch:staging': '0123456789ab' },
    },
  },
  placed: {
    'github-HOOK': { place: 'actionsSecret', name: 'HOOK', fingerprint: 'ba9876543210' },
    'github-variable-qa/CHANNEL': { place: 'actionsVariable', name: 'CHANNEL', environment: 'qa' },
    'supabase-KEY': { place: 'edgeFunction', name: 'KEY', fingerprint: 'aa9876543210' },
  },
  protectedBranch: 'develop',
  requiredChecks: ['deploy-staging:15368'],
};

describe('the table of what is where', () => {
  it('says what the comparison has shown, and counts what is not in place', () => {
    const { text, amiss } = stateTable(
      outputs,
      {
        variable: (_, context) => (context === 'branch:staging' ? 'in place' : 'missing'),
        placed: (resource) => (resource === 'github-HOOK' ? 'differs' : 'in place'),
        check: () => 'in place',
      },
      { file: '.env.local', names: ['KEY'] },
      plainly,
    );
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['TARGET', 'VARIABLE', 'CONTEXT', 'KIND', 'FINGERPRINT', 'STATE'],
      ['Netlify', 'KEY', 'branch:staging', 'secret', '0123456789ab', 'in place'],
      ['Netlify', 'KEY', 'branch:develop', 'secret', '-', 'missing'],
      ['GitHub', 'HOOK', 'Actions', 'secret', 'ba9876543210', 'differs'],
      ['GitHub', 'CHANNEL', 'qa', 'variable', '-', 'in place'],
      ['Supabase', 'KEY', 'Edge Functions', 'secret', 'aa9876543210', 'in place'],
      ['local', 'KEY', '.env.local', 'line', '-', 'by npm run env:local'],
      ['GitHub', 'deploy-staging:15368', 'develop', 'check', '-', 'in place'],
    ]);
    expect(amiss).toBe(2);
  });
});
