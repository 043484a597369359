import { of, type Case } from './case.ts';

/** The engine's part refuses to write a state: who tries says so. */
const state = /not in this test/;

const fix = (...ids: readonly string[]) => ['--fix', '--yes', ...ids.flatMap((id) => ['--only', id])];
const ofNetlify = fix('variable-missing:SUPABASE_URL', 'organization-differs:DEFAULT_ORGANIZATION_ID');
const ofSecrets = fix('github-secret-missing:NETLIFY_AUTH_TOKEN');
const ofRules = fix('ruleset-missing:develop');
const unfixed = { engine: 'drifted', extent: 'writes', says: [/not fixed/], never: state } as const;
const blind = { engine: 'drifted', says: [/Nothing was fixed, because something could not be seen/] } as const;

const adopt = ['--yes', '--production-from-vault'];
const adopting = { engine: 'adoptable', never: state } as const;

/** The commands that write in more than one step: what was not done is not recorded as done. */
export const writingCases: readonly Case[] = [
  of('drift', ofNetlify, 'netlify', unfixed),
  of('drift', ofNetlify, 'netlify', blind),
  of('drift', ofSecrets, 'github', unfixed),
  of('drift', ofRules, 'github', unfixed),
  of('drift', ofRules, 'github', blind),
  of('drift', ofSecrets, 'onepassword', blind),
  of('adopt', adopt, 'netlify', adopting),
  of('adopt', adopt, 'github', adopting),
  of('adopt', adopt, 'onepassword', adopting),
];
