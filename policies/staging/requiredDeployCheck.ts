import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { covers } from '../../protection/compare.ts';
import { resourceRule, type ResourceRule } from '../../protection/resourceRule.ts';
import { checkText, type Check } from '../../protection/rule.ts';
import type { PolicyConfigSchema, StackValidationPolicy } from '@pulumi/policy';
import { known } from '../shared/known.ts';
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

/** What the protection of a branch by a resource lacks; nothing when it requires the check as it should. */
function problemOf({ form, checks, bindsAdmins, isActive }: ResourceRule, wanted: Check): string | undefined {
  if (form === 'graphql') return 'cannot pin the check to an app (use BranchProtectionV3 or RepositoryRuleset)';
  if (!checks.some(({ context }) => context === wanted.context)) return `does not require ${wanted.context}`;
  if (!checks.some((check) => covers(check, wanted))) return `lets any app report ${wanted.context}`;
  if (!isActive) return 'is not active';
  if (bindsAdmins) return undefined;
  return form === 'classic' ? 'lets administrators bypass it' : 'names actors that may bypass it';
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
    const { check = requiredCheck, branch = settings.branch } = given;
    const wanted = { context: check, appId: given.appId ?? (await actionsAppId()) };
    if (!settings.configured && !args.resources.some(({ type }) => type.startsWith('github:'))) {
      args.notApplicable('The stack declares nothing on GitHub.');
    }
    const protections = args.resources.flatMap(({ type, props, urn }) => {
      const rule = resourceRule(type, known(props), branch);
      return rule ? [{ problem: problemOf(rule, wanted), urn }] : [];
    });
    // GitHub enforces the union of all protections: one that does it right is enough.
    if (!protections.some(({ problem }) => problem === undefined)) {
      const [first] = protections;
      const problem = first ? `The protection of ${branch} ${first.problem ?? ''}.` : `${branch} is not protected.`;
      await violation(report, problem, `Require ${checkText(wanted)} there, for administrators too.`, first?.urn);
    }
    if (given.workflow === 'elsewhere' || settings.folder === undefined) return;
    const problem = checkJobProblem(settings.folder, check, branch);
    if (problem) await violation(report, `${check} cannot report: ${problem}.`, 'Take the job from pipeline/.');
  },
};
