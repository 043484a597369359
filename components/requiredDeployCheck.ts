import { BranchProtectionV3 } from '@pulumi/github/branchProtectionV3.js';
import { RepositoryRuleset } from '@pulumi/github/repositoryRuleset.js';
import * as pulumi from '@pulumi/pulumi';
import { audited } from './auditHook.ts';
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
  /** Runs after the rule was created or updated: it adds the audit line. */
  readonly audit?: pulumi.ResourceHook;
}

/**
 * Requires `deploy-staging`, reported by GitHub Actions alone, before anything is merged into the branch:
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
    const target = { repository: args.repository, branch: args.protection.branch };
    const declared = declaredRule(args.protection, args.actionsAppId);
    const isClassic = args.protection.form === 'classic';
    const options: pulumi.CustomResourceOptions = {
      parent: this,
      protect: false,
      // A rule that leaves the declaration stays: the branch must not lose its protection by a deleted line.
      retainOnDelete: true,
      // The provider's update would unpin checks; its create replaces the old rule without a gap: decision 4.
      replaceOnChanges: isClassic ? ['*'] : [],
      hooks: { ...audited(args.audit), ...(args.guard && { beforeCreate: [args.guard], beforeUpdate: [args.guard] }) },
    };
    this.rule = isClassic
      ? new BranchProtectionV3(`${name}-${target.branch}`, classicInputs(declared, target), options)
      : new RepositoryRuleset(`${name}-${target.branch}`, rulesetInputs(declared, target), options);
    this.ruleId = this.rule.id;
    this.branch = pulumi.output(target.branch);
    this.checks = pulumi.output(declared.checks.map(checkText));
    this.registerOutputs({ ruleId: this.ruleId, branch: this.branch, checks: this.checks });
  }
}
