/** Where one value comes from. */
export type Source =
  | { readonly kind: 'reference'; readonly reference: string }
  | { readonly kind: 'organizationId' }
  | { readonly kind: 'siteId' }
  | { readonly kind: 'literal'; readonly value: string };

/** A thing of a place by its name, and GitHub's environment where it is in one. */
export interface Thing {
  readonly name: string;
  readonly environment?: string | undefined;
}

/** What a place accepts: judged before anything is asked or written. */
export interface PlaceRules {
  /** The place's name for people, e.g. `GitHub Actions secret`. */
  readonly title: string;
  /** Whether the value can be read there: a literal, which the repository shows, has no business in it. */
  readonly secret: boolean;
  /** Why a name cannot be used there: the end of a sentence that begins with the name. `undefined` for one that can. */
  readonly refusal: (name: string) => string | undefined;
  /** The form in which two names that the place takes for one are equal. */
  readonly identity: (name: string) => string;
  /** How many bytes of UTF-8 a value may have; any number when absent. */
  readonly mostBytes?: number;
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
  /** The component below `staging` that holds the resources of this place, and the part of the settings with `onRemoval`. */
  readonly component: 'github' | 'supabase';
  /** Whether a value can stand in one of GitHub's environments. */
  readonly hasEnvironments: boolean;
  /** Whether production reads the same thing, unless staging has a service of its own. */
  readonly isProductions: boolean;
  /** How tables and findings name the service, where there, and what kind of thing it is. */
  readonly words: {
    readonly service: 'GitHub' | 'Supabase';
    readonly where: string;
    readonly kind: 'secret' | 'variable';
  };
  /** How many names one list of it keeps: the repository's or the project's, and an environment's. */
  readonly most: { readonly names: number; readonly inEnvironment: number };
  /** How the names of its kinds of drift begin: `github-secret`. */
  readonly drift: string;
  /** Pulumi's type tokens of its resources. */
  readonly types: readonly string[];
  /** The type of one thing's resource. */
  readonly typeOf: (thing: Thing) => string;
  /** The resource's logical name. */
  readonly nameOf: (thing: Thing) => string;
  /** The id by which the provider imports it. */
  readonly importId: (thing: Thing, ids: PlaceIds) => string;
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
