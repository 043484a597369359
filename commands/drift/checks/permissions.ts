import { commandThatAllows, commandThatTakesOut, type Allowance } from '../../../settings/allowances.ts';
import type { Settings } from '../../../settings/settings.ts';
import { finding, type Finding } from '../finding.ts';

/** Permissions that stayed in the stack's file: meant for one run, they hold for every later one, whoever starts it. */
export function permissionsLeft({ netlify, github, supabase }: Settings, stack: string): Finding[] {
  const inFile: Readonly<Record<Allowance, { readonly set: 'refuse' | 'allow'; readonly may: string }>> = {
    'netlify.productionChanges': { set: netlify.productionChanges, may: 'change or remove what PRODUCTION reads' },
    'supabase.productionChanges': {
      set: supabase.productionChanges,
      may: 'change what the Edge Functions of PRODUCTION read',
    },
    'netlify.contextRemovals': { set: netlify.contextRemovals, may: 'take away values of staging that are live' },
    'github.protection.removals': { set: github.protection.removals, may: 'take away rules of the protected branch' },
  };
  return Object.entries(inFile)
    .filter(([, { set }]) => set === 'allow')
    .map(([name, { may }]) => {
      const allowance = name as Allowance;
      return finding({
        kind: 'permission-left',
        subject: name,
        what: `${name} is \`allow\` in the stack’s file: any update may ${may}.`,
        command: commandThatTakesOut(allowance, stack),
        note: `For one run alone: ${commandThatAllows(allowance, stack)}`,
      });
    });
}
