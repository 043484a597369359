import type { LiveVariable } from '../services/netlify/netlify.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * One sentence for each declared key that the team has for all of its sites too. Netlify takes the site's own value where
 * there is one for the context, else the team's: so staging reads what is declared, but who looks at the team's variable
 * sees another value, and a context without one of the site's own reads the team's. `team` is undefined where the token
 * may not see the team's variables.
 */
export function teamWide(
  { variables }: Pick<Settings['netlify'], 'variables'>,
  live: readonly LiveVariable[],
  team: readonly LiveVariable[] | undefined,
): string[] {
  return variables.flatMap(({ name, values }) => {
    const shared = team?.find(({ key }) => key === name);
    if (!shared) return [];
    const own = new Set<string>([
      ...values.map(({ context }) => context),
      ...(live.find(({ key }) => key === name)?.values ?? []).map(({ context }) => context),
    ]);
    const rest = own.has('all')
      ? []
      : shared.values.map(({ context }) => context).filter((context) => !own.has(context));
    const where = rest.includes('all') ? 'every context without a value of the site’s own' : rest.join(', ');
    const read = where === '' ? 'it is read nowhere on this site' : `it is read in ${where}`;
    return [
      `${name} is a variable of the whole team on Netlify too: this site’s own values win over the team’s, and ${read}. ` +
        'If that is not meant, remove or rename it among the team’s shared variables, which all of its sites read',
    ];
  });
}
