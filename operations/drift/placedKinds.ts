import type { ManagedPlace } from '../../places/resources.ts';
import type { DriftKind } from './kinds.ts';

/** The kinds of drift of a place. */
interface PlacedKinds {
  readonly missing: DriftKind;
  readonly changed: DriftKind;
  /** A value under another name is not the one under its own. */
  readonly aliasDiffers: DriftKind;
  readonly undeclared: DriftKind;
  readonly old: DriftKind;
  /** The deploy job's environment has one of the same name; `undefined` where there are no environments. */
  readonly shadowed: DriftKind | undefined;
}

/** The kinds of drift of each place other than Netlify. */
export const placedKinds = {
  actionsSecret: {
    missing: 'github-secret-missing',
    changed: 'github-secret-changed',
    aliasDiffers: 'github-alias-differs',
    undeclared: 'github-secret-undeclared',
    old: 'github-secret-old',
    shadowed: 'github-secret-shadowed',
  },
  actionsVariable: {
    missing: 'github-variable-missing',
    changed: 'github-variable-changed',
    aliasDiffers: 'github-variable-alias-differs',
    undeclared: 'github-variable-undeclared',
    old: 'github-variable-old',
    shadowed: 'github-variable-shadowed',
  },
  edgeFunction: {
    missing: 'edge-secret-missing',
    changed: 'edge-secret-changed',
    aliasDiffers: 'edge-alias-differs',
    undeclared: 'edge-secret-undeclared',
    old: 'edge-secret-old',
    shadowed: undefined,
  },
} as const satisfies Readonly<Record<ManagedPlace, PlacedKinds>>;

/** The place of a kind, and which of its kinds it is; `undefined` for a kind of another sort. */
export function placeOfKind(
  kind: DriftKind,
): { readonly place: ManagedPlace; readonly what: keyof PlacedKinds } | undefined {
  for (const place of Object.keys(placedKinds) as ManagedPlace[]) {
    const kinds: PlacedKinds = placedKinds[place];
    const what = (Object.keys(kinds) as (keyof PlacedKinds)[]).find((each) => kinds[each] === kind);
    if (what !== undefined) return { place, what };
  }
  return undefined;
}
