import { RepositoryEnvironment } from '@pulumi/github/repositoryEnvironment.js';
import * as pulumi from '@pulumi/pulumi';
import type { PlaceGuards } from '../guards/guards.ts';
import { declarations } from '../places/declarations.ts';
import type { PlacedResource } from '../places/declare.ts';
import { placeResources, resourceName, type ManagedPlacement } from '../places/places.ts';
import { audited } from './auditHook.ts';
import type { DeclaredValue } from '../secrets/declaredValues.ts';

/** A value in a place, with what this run knows of it. */
export interface PlacedValue {
  readonly placement: ManagedPlacement;
  readonly declared: DeclaredValue;
}

/** Arguments of {@link PlacedValues}. */
export interface PlacedValuesArgs {
  /** The repository's name on GitHub, without its owner. */
  readonly repository: string;
  /** The reference of the Supabase project. */
  readonly project: string;
  readonly values: readonly PlacedValue[];
  /** Runs before an environment is created on GitHub; it throws to refuse that. */
  readonly environmentGuard?: pulumi.ResourceHook;
  /** Run before a value is written; they throw to refuse the write. */
  readonly guards?: PlaceGuards;
  /** Runs after a value was written: it adds the audit line. */
  readonly audit?: pulumi.ResourceHook;
  /** What happens at the service to what leaves the declaration. Default `retain`. */
  readonly onRemoval?: 'retain' | 'delete';
}

/** One declared placement: its resource, and the value in it, which a run without the vault has from the state. */
export type Placed = PlacedResource & { readonly placement: ManagedPlacement };

/** The values in the places of one service other than Netlify: one resource each, and the environments on GitHub that hold some. */
export class PlacedValues extends pulumi.ComponentResource {
  /** The declared values, by the logical names of their resources. */
  readonly placed: ReadonlyMap<string, Placed>;

  constructor(name: string, args: PlacedValuesArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:PlacedValues', name, {}, opts);
    const names = args.values.flatMap(({ placement: { environment } }) => environment ?? []);
    const environments = new Map([...new Set(names)].sort().map((each) => [each, this.#environment(name, each, args)]));
    this.placed = new Map(
      args.values.map((value) => {
        const { placement } = value;
        const environment = environments.get(placement.environment ?? '')?.environment;
        const where = {
          repository: args.repository,
          project: args.project,
          ...(environment !== undefined && { environment }),
        };
        const declare = declarations[placement.place];
        const placed = declare(placement, value.declared.value, where, this.#options(value, args));
        return [resourceName(placement), { placement, ...placed }];
      }),
    );
    // No time of the last write: GitHub's provider plans the old one for a secret that it will write, so that
    // `pulumi up --plan` would find its own plan violated.
    this.registerOutputs({});
  }

  #options({ placement: { place }, declared }: PlacedValue, args: PlacedValuesArgs): pulumi.CustomResourceOptions {
    const { secretOutputs, valueInput } = placeResources[place];
    const hooks = { ...audited(args.audit), ...args.guards?.[place] };
    return {
      parent: this,
      protect: false,
      retainOnDelete: args.onRemoval !== 'delete',
      additionalSecretOutputs: [...secretOutputs],
      ignoreChanges: declared.unread ? [valueInput] : [],
      hooks,
    };
  }

  #environment(name: string, environment: string, args: PlacedValuesArgs): RepositoryEnvironment {
    return new RepositoryEnvironment(
      `${name}-${environment}`,
      { repository: args.repository, environment },
      {
        parent: this,
        protect: false,
        retainOnDelete: args.onRemoval !== 'delete',
        // Who may deploy there is the team's to set on GitHub: adopted rules are sent back as they are.
        ignoreChanges: ['waitTimer', 'reviewers', 'deploymentBranchPolicy', 'preventSelfReview', 'canAdminsBypass'],
        hooks: {
          ...audited(args.audit),
          ...(args.environmentGuard && { beforeCreate: [args.environmentGuard] }),
        },
      },
    );
  }
}
