import { of, type Case } from './case.ts';

const entry = 'test/faults/guards.ts';

/** What `pulumi up` asks before it writes: where it gets no answer, nothing is written. */
export const guardCases: readonly Case[] = [
  of(entry, ['site'], 'netlify'),
  of(entry, ['emergencyDeletion'], 'netlify'),
  of(entry, ['protection'], 'github'),
  of(entry, ['ruleset'], 'github'),
  of(entry, ['environment'], 'github', { except: { '404': { code: 0, because: 'there is none to harm' } } }),
  of(entry, ['actionsSecret'], 'github'),
  of(entry, ['actionsVariable'], 'github'),
  of(entry, ['edgeFunction'], 'supabaseManagement'),
  of(entry, ['values'], 'onepassword'),
];
