import { z } from 'zod';
import { emergencyVariable } from '../../settings/names/names.ts';
import { placements } from '../form.ts';
import type { PlaceResource, PlaceRules } from '../place.ts';
import { resourceTypes } from '../../settings/names/resourceTypes.ts';

/** A secret of the Supabase project that its Edge Functions read by `Deno.env.get(NAME)`. */
export const edgeFunctionPlacements = placements({}).describe(
  'A secret of the Supabase project, which its Edge Functions read by `Deno.env.get(NAME)`.',
);

export const edgeFunctionRules: PlaceRules = {
  title: 'Edge Function secret',
  // Not only secrets stand there: it is how an Edge Function gets any setting.
  secret: false,
  refusal(name) {
    if (/^SUPABASE_/i.test(name))
      return 'begins with SUPABASE_, which Supabase keeps for itself and sets for each function. Give it another name by `as`';
    if (name === emergencyVariable)
      return 'is the agents’ kill switch there: npm run kill-switch sets it, and an update must not end an emergency';
    return undefined;
  },
  identity: (name) => name,
  mostBytes: 24 * 1024,
};

const type = resourceTypes.edgeFunctionSecrets;

const secretList = z.array(z.object({ name: z.string(), value: z.unknown() }));

/** The names that a resource's inputs or outputs hold. */
export function functionSecretNames({ secrets }: Readonly<Record<string, unknown>>): string[] {
  return (secretList.safeParse(secrets).data ?? []).map(({ name }) => name);
}

/**
 * One resource a secret: its provider writes all secrets of a resource again at each update, and deletes those that left it,
 * so that a change of one name would overwrite or remove another.
 */
export const edgeFunctionResource = {
  component: 'supabase',
  hasEnvironments: false,
  isProductions: true,
  words: { service: 'Supabase', where: 'Edge Functions', kind: 'secret' },
  most: { names: 100, inEnvironment: 0 },
  drift: 'edge-secret',
  types: [type],
  typeOf: () => type,
  nameOf: ({ name }) => `supabase-${name}`,
  importId: (_, { project }) => project,
  // The digest of a value that can be guessed gives the value.
  secretOutputs: ['secrets', 'secretDigests'],
  valueInput: 'secrets',
  thingIn: ({ secrets }) => ({ name: functionSecretNames({ secrets })[0] ?? '' }),
  valueIn: ({ secrets }) => secretList.safeParse(secrets).data?.[0]?.value,
} as const satisfies PlaceResource;
