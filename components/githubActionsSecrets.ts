import { ActionsEnvironmentSecret } from '@pulumi/github/actionsEnvironmentSecret.js';
import { ActionsSecret } from '@pulumi/github/actionsSecret.js';
import { RepositoryEnvironment } from '@pulumi/github/repositoryEnvironment.js';
import * as pulumi from '@pulumi/pulumi';
import type { DeclaredValue } from '../secrets/declaredValues.ts';

/** Arguments of {@link GithubActionsSecrets}. */
export interface GithubActionsSecretsArgs {
  /** The repository's name, without its owner. */
  readonly repository: string;
  /** Puts the secrets into this GitHub environment; at repository level when absent. */
  readonly environment?: string;
  /** The secrets by name. GitHub seals each and never shows it again. */
  readonly secrets: Readonly<Record<string, DeclaredValue>>;
  /** Run before the environment or a secret is created; they throw to refuse the write. */
  readonly guards?: { readonly environment: pulumi.ResourceHook; readonly secret: pulumi.ResourceHook };
  /** What happens on GitHub to a secret that leaves the declaration. Default `retain`. */
  readonly onRemoval?: 'retain' | 'delete';
}

/** The GitHub Actions secrets that the deploy job reads. */
export class GithubActionsSecrets extends pulumi.ComponentResource {
  /** The declared secrets. */
  readonly secrets: Readonly<Record<string, ActionsSecret | ActionsEnvironmentSecret>>;

  constructor(name: string, args: GithubActionsSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:GithubActionsSecrets', name, {}, opts);
    const environment = args.environment === undefined ? undefined : this.#environment(name, args.environment, args);
    this.secrets = Object.fromEntries(
      Object.entries(args.secrets).map(([secretName, declared]) => {
        const inputs = { repository: args.repository, secretName, value: declared.value };
        const options = this.#options(declared, args);
        const secret = environment
          ? new ActionsEnvironmentSecret(
              `${name}-${secretName}`,
              { ...inputs, environment: environment.environment },
              options,
            )
          : new ActionsSecret(`${name}-${secretName}`, inputs, options);
        return [secretName, secret];
      }),
    );
    // No time of the last write: its provider plans the old one for a secret that it will write, so that
    // `pulumi up --plan` would find its own plan violated.
    this.registerOutputs({});
  }

  #environment(name: string, environment: string, args: GithubActionsSecretsArgs): RepositoryEnvironment {
    return new RepositoryEnvironment(
      `${name}-${environment}`,
      { repository: args.repository, environment },
      {
        parent: this,
        protect: false,
        retainOnDelete: args.onRemoval !== 'delete',
        // Who may deploy there is the team's to set on GitHub: adopted rules are sent back as they are.
        ignoreChanges: ['waitTimer', 'reviewers', 'deploymentBranchPolicy', 'preventSelfReview', 'canAdminsBypass'],
        ...(args.guards && { hooks: { beforeCreate: [args.guards.environment] } }),
      },
    );
  }

  #options(declared: DeclaredValue, args: GithubActionsSecretsArgs): pulumi.CustomResourceOptions {
    return {
      parent: this,
      protect: false,
      retainOnDelete: args.onRemoval !== 'delete',
      ignoreChanges: declared.unread ? ['value'] : [],
      ...(args.guards && { hooks: { beforeCreate: [args.guards.secret] } }),
    };
  }
}
