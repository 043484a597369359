import type { LivePlaces } from '../places/live.ts';
import type { ManagedPlacement } from '../places/places.ts';
import type { Rule } from '../protection/rule.ts';
import type { Ownership } from '../services/github/owner.ts';
import type { LiveVariable } from '../services/netlify/netlify.ts';

/** One existing thing that the stack takes over: a resource of the program, and the provider's id of what is there. */
export interface Adoption {
  readonly type: string;
  /** The resource's logical name in the program. */
  readonly name: string;
  /** The component's logical name. */
  readonly parent: string;
  readonly id: string;
  /** What a person should know before they agree. */
  readonly note: string;
  /** The declared value, in a place other than Netlify. */
  readonly placement?: ManagedPlacement;
  /** SHA-256 of the value that is there, where its service shows that. */
  readonly digest?: string;
}

/** What exists, as read from the services. */
export interface Existing {
  readonly siteId: string;
  readonly teamId: string;
  readonly variables: readonly LiveVariable[];
  /** The variables of the whole team; missing where the token may not see them. */
  readonly team?: readonly LiveVariable[];
  /** What stands in the places other than Netlify. */
  readonly places: LivePlaces;
  readonly protection: Rule | undefined;
  readonly rulesets: readonly { readonly id: number; readonly name: string }[];
  /** Who owns the repository; `undefined` where it was not asked for. */
  readonly ownership?: Ownership;
}
