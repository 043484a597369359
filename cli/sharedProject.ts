import { userInfo } from 'node:os';
import { printable } from '../machine/printable.ts';
import { approvedBy } from '../audit/trail.ts';
import { UsageError } from './errors.ts';
import { confirm } from './confirm.ts';

/** What a change of a Supabase project is confirmed by: `--yes` alone is too little. */
export interface ProjectConsent {
  readonly yes: boolean;
  /** `--project REF`, which stands for the typed reference in scripts. */
  readonly project: string | undefined;
  /** The project's own reference, as the configuration has it. */
  readonly ref: string;
  /** Whether production uses it too. Default true: nothing else is taken for granted. */
  readonly isShared?: boolean;
}

/**
 * Production may use the same Supabase project: the person types its reference, a script gives it with `--project`.
 * A wrong reference is an error, even before anybody is asked. `otherwise` says what is so without it.
 */
export async function confirmSharedProject(
  question: string,
  { yes, project, ref, isShared = true }: ProjectConsent,
  otherwise?: string,
): Promise<boolean> {
  if (project !== undefined && project !== ref) {
    throw new UsageError(`--project is not the reference of the configured project, ${ref}. Nothing was done.`);
  }
  if (yes && project === undefined) {
    throw new UsageError(
      `Nothing was done: ${isShared ? 'production uses this project too, so ' : ''}--yes wants its reference beside it: --project ${ref}`,
    );
  }
  if (!yes && !process.stdin.isTTY) {
    const missing = ['--yes', ...(project === undefined ? [`--project ${ref}`] : [])].join(' ');
    throw new Error(
      `Nothing was done: there is no terminal to confirm on${isShared ? ', and production uses this project too' : ''}. Add ${missing}, or --dry-run to only read.`,
    );
  }
  const agreed = await confirm(question, { yes, expected: ref, ...(otherwise !== undefined && { otherwise }) });
  if (agreed && yes) approvedBy(`--yes --project ${ref}`);
  return agreed;
}

/** Who does it, for the record: `--by`, else the CI's actor, else the account on this machine. */
export function actor(by: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (by !== undefined && by.trim() !== '') return printable(by).trim().slice(0, 100);
  return printable(env.GITHUB_ACTOR ?? env.USER ?? env.LOGNAME ?? userInfo().username);
}
