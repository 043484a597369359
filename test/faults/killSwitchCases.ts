import { consent, of, type Case } from './case.ts';

/** What only a level that was read, and is on, allows to be said. */
const stopped = /\bDISABLED\b|agents are disabled|Proved:|are refused/;

const change = (verb: 'off' | 'restore', ...more: readonly string[]) => [
  verb,
  ...more,
  ...['--reason', 'x', '--by', 'x'],
  ...consent,
];
const off = { says: [/AGENTS STILL ACT/], never: stopped };
const restore = { world: 'thrown', says: [/Agents stay as they are/], never: stopped } as const;
const keyless = { without: ['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_ACCESS_TOKEN'] };
const byHand = /Without the vault: Set SUPABASE_/;
const byRow = /kill-switch -- off --reason TEXT --yes/;
const bySecret = /kill-switch -- off --emergency --reason TEXT --yes/;

/** Level 2 is written whatever Netlify does, whose variable stops nobody: it is not set, which is a finding. */
const besideNetlify = (value: 'true' | 'false') => ({
  ...({ folder: 'emergency', code: 2, says: [/Netlify variable: NOT set/, /It stops nobody/] } as const),
  ownSecret: value === 'true' ? ('unset' as const) : ('true' as const),
  judge: ({ secret }: { readonly secret: string | undefined }) =>
    secret === value ? [] : [`left level 2 at ${secret ?? 'nothing'}`],
});

/** The kill switch: with a fault it never claims that agents are stopped, unless the other level proves it. */
export const killSwitchCases: readonly Case[] = [
  of('killSwitch', ['status'], 'supabase', {
    says: [/agents are unknown/, /AGENTS STILL ACT, unless/],
    never: stopped,
  }),
  of('killSwitch', ['status'], 'supabase', {
    ...{ world: 'thrown', code: 0, says: [/Staging's agents are disabled, by the secret/, /Level 1, row +UNKNOWN/] },
  }),
  of('killSwitch', ['status'], 'supabaseManagement', {
    ...{ says: [/agents are unknown/, /AGENTS STILL ACT, unless/], never: stopped },
  }),
  of('killSwitch', ['status'], 'supabaseManagement', {
    ...{ world: 'thrown', code: 0, says: [/Staging's agents are disabled, by the row/, /Level 2, secret +UNKNOWN/] },
  }),
  of('killSwitch', ['status'], 'netlify', {
    ...{ code: 0, says: [/Staging's agents are enabled/, /Netlify variable +UNKNOWN/], never: stopped },
  }),
  of('killSwitch', change('off'), 'supabase', { ...off, says: [/AGENTS STILL ACT/, bySecret] }),
  of('killSwitch', change('off'), 'supabase', { ...off, extent: 'writes', says: [/AGENTS STILL ACT/, bySecret] }),
  of('killSwitch', change('off', '--emergency'), 'supabaseManagement', {
    ...{ ...off, says: [/AGENTS STILL ACT/, byRow] },
  }),
  of('killSwitch', change('off', '--emergency'), 'supabaseManagement', {
    ...{ ...off, extent: 'writes', says: [/AGENTS STILL ACT/, byRow] },
  }),
  of('killSwitch', change('off', '--emergency', '--direct'), 'netlify', besideNetlify('true')),
  of('killSwitch', change('off', '--emergency', '--direct'), 'netlify', { ...besideNetlify('true'), extent: 'writes' }),
  of('killSwitch', change('restore'), 'supabase', restore),
  of('killSwitch', change('restore'), 'supabase', { ...restore, extent: 'writes' }),
  of('killSwitch', change('restore', '--emergency'), 'supabaseManagement', restore),
  of('killSwitch', change('restore', '--emergency'), 'supabaseManagement', { ...restore, extent: 'writes' }),
  of('killSwitch', change('restore', '--emergency', '--direct'), 'netlify', besideNetlify('false')),
  // The key is read from the vault where the environment has none.
  of('killSwitch', change('off'), 'onepassword', { ...off, says: [/AGENTS STILL ACT/, bySecret, byHand], ...keyless }),
  of('killSwitch', change('off', '--emergency'), 'onepassword', {
    ...{ ...off, says: [/AGENTS STILL ACT/, byRow, byHand], ...keyless },
  }),
  of('killSwitch', ['status'], 'onepassword', { ...{ says: [/agents are unknown/], never: stopped }, ...keyless }),
  of('killSwitch', ['verify', '--timeout', '0', '--grace', '0'], 'supabase', { world: 'thrown', never: stopped }),
  of('killSwitch', ['verify', '--timeout', '0', '--grace', '0'], 'supabaseManagement', {
    ...{ world: 'thrown', code: 2, says: [/Not proved/], never: stopped },
  }),
  of('killSwitch', ['verify', '--emergency', '--timeout', '0'], 'supabaseManagement', {
    ...{ world: 'thrown', never: stopped },
  }),
];
