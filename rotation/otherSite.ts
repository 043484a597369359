import type { Settings } from '../settings/settings.ts';
import type { Plan } from './plan.ts';

/**
 * Production's own site, where it is another one than staging's and uses the same Supabase project: this configuration writes
 * nothing there, so that nothing shows whether it has the new key. A key of that project does not end on a guess.
 */
export function otherSite({ netlify, supabase }: Settings, { subject }: Pick<Plan, 'subject'>): string[] {
  const isElsewhere = netlify.mode === 'separate-site' && supabase.mode === 'shared-project';
  if (!isElsewhere || subject.kind.how !== 'supabase-key') return [];
  return [
    `production's own site on Netlify (${netlify.productionSite ?? 'netlify.productionSite'}), which this configuration does not write: ` +
      'give it the new key, deploy it, and end the old one by hand in Supabase’s dashboard (Project settings → API keys)',
  ];
}
