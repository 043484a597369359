import { counted } from '../../../machine/counted.ts';
import { ageInDays } from '../../../machine/times.ts';
import { endOf, nearEnd } from '../../../secrets/expiry.ts';
import type { Secret } from '../../../secrets/secret.ts';
import type { TokenEnd } from '../../../services/github/tokenEnd.ts';
import { managedPlacements, placeTitle, resourceName } from '../../../places/places.ts';
import { resolvedSource, type Settings, type Source } from '../../../settings/settings.ts';
import { finding, type Finding } from '../finding.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** Up to here it is as bad as the table of kinds says; from here on worse. */
const gravestDays = 7;

/** The token of this run, where it ends soon. A successor with another end is another finding: it is alerted anew. */
export function tokenEnds(token: TokenEnd | undefined, now: number): Finding[] {
  const near = token && nearEnd(token.end, now);
  if (!near) return [];
  return [
    finding({
      kind: 'github-token-expires',
      subject: `GITHUB_TOKEN/${dayOf(token.end)}`,
      what: `The token of this run, GITHUB_TOKEN, ${near.text}.`,
      ...(near.days < gravestDays && { severity: 'high' as const }),
      command: forStack('npm run doctor -- --tokens'),
      note: `Make its successor at ${token.page}, set it wherever this one is, and delete this one last.`,
    }),
  ];
}

/** The tokens of the stack's file that are older than the limit, each with its owner. A successor has another day, and is another finding. */
export function tokensAge({ tokens }: Pick<Settings, 'tokens'>, now: number, maxAgeDays: number): Finding[] {
  return Object.entries(tokens).flatMap(([name, { owner, since }]) => {
    const days = ageInDays(since, now);
    if (days <= maxAgeDays) return [];
    return [
      finding({
        kind: 'token-old',
        subject: `${name}/${since}`,
        what: `${name} of ${owner} is ${counted(days, 'day')} old; the limit is ${maxAgeDays}.`,
        command: forStack('npm run doctor -- --tokens'),
        note: `${owner} replaces it as that table says, and writes the new day into tokens.${name}.since of the stack's file.`,
      }),
    ];
  });
}

/** The values that say of themselves that they end soon, one finding for each source and end. */
export function valuesEnd(settings: Settings, recorded: Recorded, now: number): Finding[] {
  const bySubject = new Map<string, { readonly text: string; readonly days: number; readonly places: string[] }>();
  for (const { name, place, source, value } of held(settings, recorded)) {
    const end = value && endOf(value.reveal());
    const near = end && nearEnd(end, now);
    if (!near) continue;
    const subject = `${source.kind === 'reference' ? source.reference : name}/${dayOf(end)}`;
    const known = bySubject.get(subject) ?? { ...near, places: [] };
    known.places.push(`${name} (${place})`);
    bySubject.set(subject, known);
  }
  return [...bySubject].map(([subject, { text, days, places }]) =>
    finding({
      kind: 'value-expires',
      subject,
      what: `The value of ${places.join(', ')} ${text}, by its own word.`,
      ...(days < gravestDays && { severity: 'high' as const }),
      command: forStack('npm run doctor -- --tokens'),
      note:
        'Make its successor at its vendor (Supabase: https://supabase.com/dashboard/project/' +
        `${settings.supabase.project}/settings/api-keys) and put it into the vault; then ${forStack('pulumi up')}.`,
    }),
  );
}

interface HeldValue {
  readonly name: string;
  readonly place: string;
  readonly source: Source;
  readonly value: Secret | undefined;
}

/** Every declared place with what the last update wrote there. */
function held(settings: Settings, recorded: Recorded): HeldValue[] {
  return [
    ...settings.netlify.variables.flatMap(({ name, values }) =>
      values.map(({ context, source }) => ({
        name,
        place: context,
        source: resolvedSource(settings, source),
        value: recorded.variables.get(name)?.values.get(context),
      })),
    ),
    ...managedPlacements(settings.placements).map((placement) => ({
      name: placement.name,
      place: placeTitle(placement),
      source: resolvedSource(settings, placement.source),
      value: recorded.placed.get(resourceName(placement))?.value,
    })),
  ];
}

function dayOf(end: Date): string {
  return end.toISOString().slice(0, 10);
}
