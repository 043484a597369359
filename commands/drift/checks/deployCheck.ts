import type { LiveReport } from './githubOrganization.ts';
import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import { ageInDays } from '../../../machine/times.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** GitHub lets a check be required that has succeeded within this many days. */
const selectableDays = 7;

/** Whether the required check can report and does: at the head of the branch, and on pull requests. */
export function deployCheck(
  branch: string,
  { latest, actionsAppId }: LiveReport,
  pullRequestJobs: readonly string[] | undefined,
  now: number,
): Finding[] {
  const rerun = forStack('npm run deploy:trigger');
  const one = (kind: Difference['kind'], what: string, more: Partial<Difference> = {}) =>
    finding({ kind, subject: requiredCheck, what, since: latest?.at, command: rerun, ...more });
  const findings: Finding[] = [];
  const age = ageInDays(latest?.at, now);
  if (!latest) findings.push(one('check-never-reported', `${requiredCheck} never reported at the head of ${branch}.`));
  else if (latest.appId !== actionsAppId)
    findings.push(
      one(
        'check-forged',
        `The last ${requiredCheck} on ${branch} was reported by another app (${latest.appId ?? 'unknown'}).`,
        {
          note: 'Find out which token reported it, revoke it, then run the job again.',
        },
      ),
    );
  else if (latest.conclusion === 'skipped')
    findings.push(
      one('check-skipped', `The last ${requiredCheck} on ${branch} was skipped, which GitHub counts as passed.`, {
        command: 'npm run pipeline -- check PATH',
        note: 'The job needs `if: always()` and an explicit failure.',
      }),
    );
  else if (latest.conclusion !== null && latest.conclusion !== 'success' && latest.conclusion !== 'neutral')
    findings.push(one('check-failing', `The last ${requiredCheck} on ${branch} ended with ${latest.conclusion}.`));
  else if (age > selectableDays)
    findings.push(one('check-silent', `${requiredCheck} last reported on ${branch} ${age} days ago.`));
  if (pullRequestJobs && !pullRequestJobs.includes(requiredCheck)) {
    findings.push(
      one(
        'check-not-on-pull-requests',
        `The last pull request's run has no job ${requiredCheck}: pull requests wait for it for ever.`,
        {
          command: 'npm run pipeline -- apply PATH',
          since: undefined,
        },
      ),
    );
  }
  return findings;
}
