import { RepositoryEnvironment } from '@pulumi/github/repositoryEnvironment.js';
import * as pulumi from '@pulumi/pulumi';
import { declareActionsSecret } from '../places/actionsSecret/resource.ts';
import { declareActionsVariable } from '../places/actionsVariable/resource.ts';
import type { PlaceGuards } from '../guards/guards.ts';
import { declarePlaced, type Placed, type PlacedValue } from './placedValues.ts';

/** Arguments of {@link GithubActions}. */
export interface GithubActionsArgs {
  /** The repository's name, without its owner. */
  readonly repository: string;
  /** The secrets and variables, each at the repository or in one of its environments. */
  readonly values: readonly PlacedValue[];
  /** Runs before an environment is created; it throws to refuse that. */
  readonly environmentGuard?: pulumi.ResourceHook;
  /** Run before a secret or a variable is written; they throw to refuse the write. */
  readonly guards?: PlaceGuards;
  /** What happens on GitHub to what leaves the declaration. Default `retain`. */
  readonly onRemoval?: 'retain' | 'delete';
}

/** The secrets and variables that GitHub Actions' jobs read, and the environments that hold them. */
export class GithubActions extends pulumi.ComponentResource {
  /** The declared secrets and variables, by the logical names of their resources. */
  readonly placed: ReadonlyMap<string, Placed>;

  constructor(name: string, args: GithubActionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:GithubActions', name, {}, opts);
    const names = args.values.flatMap(({ placement: { environment: each } }) => (each === undefined ? [] : [each]));
    const environments = new Map([...new Set(names)].sort().map((each) => [each, this.#environment(name, each, args)]));
    this.placed = declarePlaced(
      args.values,
      (placement, value, options) => {
        const { place, environment } = placement;
        const made = environment === undefined ? undefined : environments.get(environment);
        const where = { repository: args.repository, ...(made && { environment: made.environment }) };
        return (place === 'actionsVariable' ? declareActionsVariable : declareActionsSecret)(
          placement,
          value,
          where,
          options,
        );
      },
      { parent: this, onRemoval: args.onRemoval, guards: args.guards },
    );
    // No time of the last write: its provider plans the old one for a secret that it will write, so that
    // `pulumi up --plan` would find its own plan violated.
    this.registerOutputs({});
  }

  #environment(name: string, environment: string, args: GithubActionsArgs): RepositoryEnvironment {
    return new RepositoryEnvironment(
      `${name}-${environment}`,
      { repository: args.repository, environment },
      {
        parent: this,
        protect: false,
        retainOnDelete: args.onRemoval !== 'delete',
        // Who may deploy there is the team's to set on GitHub: adopted rules are sent back as they are.
        ignoreChanges: ['waitTimer', 'reviewers', 'deploymentBranchPolicy', 'preventSelfReview', 'canAdminsBypass'],
        ...(args.environmentGuard && { hooks: { beforeCreate: [args.environmentGuard] } }),
      },
    );
  }
}
