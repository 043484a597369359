import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import type { PolicyConfigSchema, PolicyResource, StackValidationPolicy } from '@pulumi/policy';
import { leavesOf } from '../shared/leaves.ts';
import { violation } from '../shared/report.ts';
import { checkJobProblem } from './workflowJob.ts';
import { actionsAppId } from '../../services/github/actionsApp.ts';
import { stagingSettings } from './stagingSettings.ts';

interface Configuration {
  readonly check?: string;
  readonly branch?: string;
  readonly appId?: number;
  readonly workflow?: 'checked' | 'elsewhere';
}

const configSchema: PolicyConfigSchema = {
  properties: {
    check: { type: 'string', description: 'The required check.', default: requiredCheck },
    branch: {
      type: 'string',
      description: 'The branch. Default: github.protection.branch of the stack’s configuration, or develop.',
    },
    appId: {
      type: 'integer',
      description:
        'The app that must report it. Default: GitHub Actions, as the GitHub of `GITHUB_BASE_URL` numbers it.',
    },
    workflow: {
      type: 'string',
      enum: ['checked', 'elsewhere'],
      description: '`elsewhere` when the workflow is in a repository that the program’s folder does not hold.',
      default: 'checked',
    },
  },
};

interface Wanted {
  readonly check: string;
  readonly branch: string;
  readonly appId: number;
}

type Values = ReadonlyMap<string, string | undefined>;

/** What a classic protection (REST) lacks; nothing when it requires the check as it should. */
function classicProblem(values: Values, { check, appId }: Wanted): string | undefined {
  const checks = [...values]
    .filter(([path]) => /^requiredStatusChecks\.(?:checks|contexts)\[/.test(path))
    .map(([, value]) => value);
  if (!checks.some((one) => one === check || one?.startsWith(`${check}:`))) return `does not require ${check}`;
  if (!checks.includes(`${check}:${appId}`)) return `lets any app report ${check}`;
  if (values.get('enforceAdmins') !== 'true') return 'lets administrators bypass it';
  return undefined;
}

/** What a ruleset lacks. */
function rulesetProblem(values: Values, { check, appId }: Wanted): string | undefined {
  const entry = [...values].find(([path, value]) => /requiredChecks\[\d+\]\.context$/.test(path) && value === check);
  if (!entry) return `does not require ${check}`;
  if (values.get(entry[0].replace(/context$/, 'integrationId')) !== String(appId))
    return `lets any app report ${check}`;
  if (values.get('enforcement') !== 'active') return 'is not active';
  if ([...values.keys()].some((path) => path.startsWith('bypassActors['))) return 'names actors that may bypass it';
  return undefined;
}

/** Whether a resource protects the branch, and what its protection lacks. */
function protectionOf(
  { type, props }: PolicyResource,
  wanted: Wanted,
): { readonly problem: string | undefined } | undefined {
  const values: Values = new Map(leavesOf(props).map(({ path, value }) => [path, value]));
  const { branch } = wanted;
  if (type === 'github:index/branchProtectionV3:BranchProtectionV3' && values.get('branch') === branch) {
    return { problem: classicProblem(values, wanted) };
  }
  if (type === 'github:index/branchProtection:BranchProtection' && values.get('pattern') === branch) {
    return { problem: 'cannot pin the check to an app (use BranchProtectionV3 or RepositoryRuleset)' };
  }
  const included = [...values].some(
    ([path, value]) => path.includes('refName.includes[') && (value === `refs/heads/${branch}` || value === '~ALL'),
  );
  return type === 'github:index/repositoryRuleset:RepositoryRuleset' && included
    ? { problem: rulesetProblem(values, wanted) }
    : undefined;
}

/** `deploy-staging` as a required check without a way around it, reported by a job that always reports. */
export const requiredDeployCheck: StackValidationPolicy = {
  name: 'deploy-check-required',
  displayName: 'The deploy check is required',
  description: `${requiredCheck} is required on develop, pinned to GitHub Actions’ app id, not bypassable by administrators or others, and a job of that name reports on pull requests, merge groups and pushes.`,
  enforcementLevel: 'mandatory',
  severity: 'high',
  remediationSteps:
    'Declare the protection with RequiredDeployCheck, and keep the job of pipeline/ in the application’s workflow.',
  configSchema,
  async validateStack(args, report) {
    const given = args.getConfig<Configuration>();
    const settings = stagingSettings();
    const wanted = {
      check: given.check ?? requiredCheck,
      branch: given.branch ?? settings.branch,
      appId: given.appId ?? (await actionsAppId()),
    };
    if (!settings.configured && !args.resources.some(({ type }) => type.startsWith('github:'))) {
      args.notApplicable('The stack declares nothing on GitHub.');
    }
    const protections = args.resources.flatMap((resource) => {
      const found = protectionOf(resource, wanted);
      return found ? [{ ...found, urn: resource.urn }] : [];
    });
    // GitHub enforces the union of all protections: one that does it right is enough.
    if (!protections.some(({ problem }) => problem === undefined)) {
      const [first] = protections;
      const problem = first
        ? `The protection of ${wanted.branch} ${first.problem ?? ''}.`
        : `${wanted.branch} is not protected.`;
      await violation(
        report,
        problem,
        `Require ${wanted.check}:${wanted.appId} there, for administrators too.`,
        first?.urn,
      );
    }
    if (given.workflow === 'elsewhere' || settings.folder === undefined) return;
    const problem = checkJobProblem(settings.folder, wanted.check, wanted.branch);
    if (problem) await violation(report, `${wanted.check} cannot report: ${problem}.`, 'Take the job from pipeline/.');
  },
};
