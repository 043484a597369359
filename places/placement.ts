/** A place that a value can be put into, by its key in the configuration. */
export type PlaceName = 'netlify' | 'actionsSecret' | 'actionsVariable' | 'edgeFunction' | 'localFile';

/** Where one value comes from. */
export type Source =
  | { readonly kind: 'reference'; readonly reference: string }
  | { readonly kind: 'organizationId' }
  | { readonly kind: 'siteId' }
  | { readonly kind: 'literal'; readonly value: string };

/** A place that holds one value under a name, without Netlify's contexts. */
export type PlainPlace = Exclude<PlaceName, 'netlify'>;

/** One value in one place other than Netlify. */
export interface Placement {
  readonly place: PlainPlace;
  /** The value's name in the configuration. */
  readonly value: string;
  /** The name in the place. */
  readonly name: string;
  readonly source: Source;
  /** The environment on GitHub; the repository when absent. */
  readonly environment?: string;
}
