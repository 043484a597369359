import { BranchProtectionV3 } from '@pulumi/github/branchProtectionV3.js';
import { RepositoryRuleset } from '@pulumi/github/repositoryRuleset.js';
import * as pulumi from '@pulumi/pulumi';
import { declaredRule } from '../protection/declared.ts';
import { classicInputs, rulesetInputs } from '../protection/resource.ts';
import { checkText } from '../protection/rule.ts';
import type { Settings } from '../settings/settings.ts';

/** Arguments of {@link RequiredDeployCheck}: the repository, and the settings of the protection. */
export interface RequiredDeployCheckArgs {
  /** The repository's name, without its owner. */
  readonly repository: string;
  readonly protection: Settings['github']['protection'];
  /** The id of GitHub Actions' app on this GitHub. */
  readonly actionsAppId: number;
  /** Runs before the rule is created or updated; it throws to refuse the write. */
  readonly guard?: pulumi.ResourceHook;
}

/**
 * Requires `deploy-staging`, reported by GitHub Actions and nobody else, before anything is merged into the branch:
 * up to date with it, for admins too, without force pushes or deletion.
 */
export class RequiredDeployCheck extends pulumi.ComponentResource {
  /** The rule itself. */
  readonly rule: pulumi.CustomResource;
  /** The rule's id on GitHub. */
  readonly ruleId: pulumi.Output<string>;
  /** The protected branch. */
  readonly branch: pulumi.Output<string>;
  /** The checks that must pass, as `name:appId`, or `name` when any app may report it. */
  readonly checks: pulumi.Output<string[]>;

  constructor(name: string, args: RequiredDeployCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:RequiredDeployCheck', name, {}, opts);
    const { repository, protection, actionsAppId } = args;
    const { branch } = protection;
    const declared = declaredRule(protection, actionsAppId);
    const classicForm = protection.form === 'classic';
    const options: pulumi.CustomResourceOptions = {
      parent: this,
      protect: false,
      // A rule that leaves the declaration stays: the branch must not lose its protection by a deleted line.
      retainOnDelete: true,
      // An update by the provider's version 6 sends checks of its memory along, unpinned (`deploy-staging` from any
      // app); a create sends the declared rule alone, in one request that replaces the old rule without a gap.
      replaceOnChanges: classicForm ? ['*'] : [],
      ...(args.guard && { hooks: { beforeCreate: [args.guard], beforeUpdate: [args.guard] } }),
    };
    const rule = classicForm
      ? new BranchProtectionV3(`${name}-${branch}`, classicInputs(declared, { repository, branch }), options)
      : new RepositoryRuleset(`${name}-${branch}`, rulesetInputs(declared, { repository, branch }), options);
    this.rule = rule;
    this.ruleId = rule.id;
    this.branch = pulumi.output(branch);
    this.checks = pulumi.output(declared.checks.map(checkText));
    this.registerOutputs({ ruleId: this.ruleId, branch: this.branch, checks: this.checks });
  }
}
