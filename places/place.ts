import type { Placement } from './placement.ts';

/** What a place accepts: judged before anything is asked or written. */
export interface PlaceRules {
  /** The place's name for people, e.g. `GitHub Actions secret`. */
  readonly title: string;
  /** Whether nobody can read the value there: a literal, which the repository shows, has no business in it. */
  readonly secret: boolean;
  /** Why a name cannot be used there: the end of a sentence that begins with the name. `undefined` for one that can. */
  readonly refusal: (name: string) => string | undefined;
  /** The form in which two names that the place takes for one are equal. */
  readonly identity: (name: string) => string;
}

/** Where the services are, as far as the ids of resources name it. */
export interface PlaceIds {
  /** The repository's name, without its owner. */
  readonly repository: string;
  /** The reference of the Supabase project. */
  readonly project: string;
}

/** How the engine knows what stands in a place: the same in the program, in its state, and in what is imported. */
export interface PlaceResource {
  /** The component below `staging` that holds the resources of this place. */
  readonly component: 'github' | 'supabase';
  /** Pulumi's type tokens of its resources. */
  readonly types: readonly string[];
  /** The type of one placement's resource. */
  readonly typeOf: (placement: Placement) => string;
  /** The resource's logical name. */
  readonly nameOf: (placement: Placement) => string;
  /** The id by which the provider imports it. */
  readonly importId: (placement: Placement, ids: PlaceIds) => string;
  /** The outputs that may hold a value, or what a value can be guessed from: the engine keeps them secret. */
  readonly secretOutputs: readonly string[];
  /** The input that holds the value: a preview without the vault leaves it as it is. */
  readonly valueInput: string;
  /** The value in a resource's inputs; `undefined` where there is none. */
  readonly valueIn: (inputs: Readonly<Record<string, unknown>>) => unknown;
  /** Which thing of its service a resource's inputs are about; `environment` where it is one's, known or not yet. */
  readonly thingIn: (inputs: Readonly<Record<string, unknown>>) => {
    readonly name: string;
    readonly environment?: unknown;
  };
}
