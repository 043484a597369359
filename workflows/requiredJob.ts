import { alwaysRuns } from './condition.ts';
import { listOf, tableOf } from './content.ts';

type Content = Readonly<Record<string, unknown>>;

/** Whether a job looks at how those that it needs ended. */
function looksAtNeeds(job: Content): boolean {
  const text = JSON.stringify(job);
  return text.includes('needs.') || text.includes('needs[') || text.includes('(needs)');
}

/** Why a job's result says nothing as the required check, or its check never comes; nothing when it is sound. */
export function requiredJobProblem(id: string, job: Content, check: string): string | undefined {
  const name = typeof job.name === 'string' ? job.name : id;
  if (name !== check) return `reports as ${name}`;
  if ('uses' in job) return `calls a workflow, and its check is called ${check} / … then`;
  if ('matrix' in tableOf(job.strategy)) return 'has a matrix, and each of its checks a name of its own';
  const needs = listOf(job.needs);
  if (needs.length === 0) return undefined;
  if (!alwaysRuns(job.if))
    return `is skipped when ${needs.join(' or ')} fails, and GitHub counts a skipped check as passed`;
  if (!looksAtNeeds(job)) return `runs when ${needs.join(' or ')} failed, and does not look at how that ended`;
  return undefined;
}
