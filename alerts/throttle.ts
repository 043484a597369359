import type { AlertPolicy } from './policy.ts';

/** Where an alert comes from, as far as it decides whether it is sent. */
export interface Origin {
  /** The branch of the run; `undefined` on a person's own machine. */
  readonly branch: string | undefined;
  /** Whether the run is of a pull request. */
  readonly pullRequest: boolean;
  /** The job's id in its workflow. */
  readonly job: string | undefined;
}

/** What GitHub Actions says of the run that this process is part of. */
export function originOf(env: Readonly<Record<string, string | undefined>>): Origin {
  const ref = env.GITHUB_REF ?? '';
  const heads = 'refs/heads/';
  return {
    branch: ref.startsWith(heads) ? ref.slice(heads.length) : undefined,
    pullRequest: ref.startsWith('refs/pull/') || (env.GITHUB_EVENT_NAME ?? '').startsWith('pull_request'),
    job: env.GITHUB_JOB === '' ? undefined : env.GITHUB_JOB,
  };
}

/** Whether an alert is sent: not at all, or unless the same one was sent less than so many minutes ago. */
export type Throttle = { readonly dropped: string } | { readonly windowMinutes: number };

/**
 * The team's rule: production's branch always and at once; a pull request only when it blocks a merge; everything else
 * once within the window. `mergeBlocked` is the caller's own word that a merge is blocked.
 */
export function throttle(origin: Origin, policy: AlertPolicy, mergeBlocked: boolean): Throttle {
  if (origin.pullRequest) {
    const blocks = mergeBlocked || (origin.job !== undefined && policy.mergeBlockingJobs.includes(origin.job));
    if (blocks) return { windowMinutes: policy.repeatMinutes };
    const job = origin.job === undefined ? 'this run' : `the job ${origin.job}`;
    return {
      dropped:
        `a pull request alerts only when it blocks a merge, and ${job} is not known to. ` +
        'Name the job under mergeBlockingJobs in the policy, or add --merge-blocked.',
    };
  }
  const always = origin.branch !== undefined && policy.alwaysBranches.includes(origin.branch);
  return { windowMinutes: always ? 0 : policy.repeatMinutes };
}
