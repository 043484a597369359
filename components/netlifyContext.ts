import { EnvironmentVariable } from '@pulumi/netlify';
import * as pulumi from '@pulumi/pulumi';
import type { DeclaredValue } from '../secrets/declaredValues.ts';
import { audited } from './auditHook.ts';
import { contextFields, type Context } from '../settings/context.ts';
import { emergencyVariable } from '../settings/names/names.ts';
import { secretScopes } from '../places/netlify/setting.ts';
import { netlifyValueLists } from '../settings/stack/secretProperties.ts';

/** One variable to declare on a Netlify site. */
export interface NetlifyVariable {
  /** The key on Netlify; it also names the resource. */
  readonly name: string;
  /** Netlify's secret flag: write-only for everybody, and irreversible. */
  readonly secret: boolean;
  /** Netlify's scopes. Default: all for a plain variable; builds, functions and runtime for a secret one. */
  readonly scopes?: readonly string[];
  /** The value in each context. The provider owns whole keys: a context that is not here is removed from the key. */
  readonly values: readonly (DeclaredValue & { readonly context: Context })[];
}

/** Arguments of {@link NetlifyContext}. */
export interface NetlifyContextArgs {
  /** The site's id. */
  readonly siteId: pulumi.Input<string>;
  /** The team's id. */
  readonly teamId: pulumi.Input<string>;
  readonly variables: readonly NetlifyVariable[];
  /** `retain`: a key that leaves the declaration stays on Netlify. `delete` removes it there, in every context. Default `retain`. */
  readonly onRemoval?: 'retain' | 'delete';
  /** Runs before a key is created or updated; it throws to refuse the write. */
  readonly guard?: pulumi.ResourceHook;
  /** Runs before the emergency variable is deleted, where keys that leave are; it throws to refuse that. */
  readonly emergencyDeletionGuard?: pulumi.ResourceHook;
  /** Runs after a key was created or updated: it adds the audit line. */
  readonly audit?: pulumi.ResourceHook;
}

/** The environment variables of a site's staging contexts, one resource a key. */
export class NetlifyContext extends pulumi.ComponentResource {
  /** The declared keys. */
  readonly variables: Readonly<Record<string, EnvironmentVariable>>;
  /** When Netlify last changed each key (ISO 8601). */
  readonly lastUpdated: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: NetlifyContextArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:NetlifyContext', name, {}, opts);
    this.variables = Object.fromEntries(
      args.variables.map((variable) => [variable.name, this.#declare(`${name}-${variable.name}`, variable, args)]),
    );
    this.lastUpdated = pulumi.output(
      Object.fromEntries(Object.entries(this.variables).map(([key, resource]) => [key, resource.lastUpdated])),
    );
    this.registerOutputs({ lastUpdated: this.lastUpdated });
  }

  #declare(name: string, variable: NetlifyVariable, args: NetlifyContextArgs): EnvironmentVariable {
    const values = variable.values.map(({ context, value }) => ({ ...contextFields(context), value }));
    const scopes = variable.scopes ?? (variable.secret ? secretScopes : undefined);
    return new EnvironmentVariable(
      name,
      {
        teamId: args.teamId,
        siteId: args.siteId,
        key: variable.name,
        ...(scopes && { scopes: [...scopes] }),
        ...(variable.secret ? { secretValues: values } : { values }),
      },
      {
        parent: this,
        protect: false,
        retainOnDelete: args.onRemoval !== 'delete',
        additionalSecretOutputs: [...netlifyValueLists],
        ignoreChanges: unreadPaths(variable),
        hooks: this.#hooks(variable.name, args),
      },
    );
  }

  #hooks(
    key: string,
    { guard, emergencyDeletionGuard, onRemoval, audit }: NetlifyContextArgs,
  ): pulumi.ResourceHookBinding {
    // The engine asks for the program at `pulumi destroy` once a key has such a hook: no other key gets one.
    const mayBeDeleted = key === emergencyVariable && onRemoval === 'delete' && emergencyDeletionGuard;
    return {
      ...audited(audit),
      ...(guard && { beforeCreate: [guard], beforeUpdate: [guard] }),
      ...(mayBeDeleted && { beforeDelete: [mayBeDeleted] }),
    };
  }
}

/** The paths whose value this run does not know: a preview leaves them as they are. */
function unreadPaths({ secret, values }: NetlifyVariable): string[] {
  const list = secret ? 'secretValues' : 'values';
  return values.flatMap(({ unread }, index) => (unread ? [`${list}[${index}].value`] : []));
}
