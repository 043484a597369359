import { join } from 'node:path';
import { loadByNode } from '../nodeRequire.ts';

/** The environment and folder of a run of the program. */
interface Run {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Commands of Pulumi that run the program and may be told where it is. */
const withProgramOf: readonly string[] = ['up', 'preview'];

/** Whether what the run logs is what the test is about: then the program has to see the engine as its parent. */
function traces(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  const flags = ['-v', '--verbose', '--debug', '-d', '--tracing', '--otel-traces', '--logtostderr', '--logflow'];
  return (
    args.some((arg) => flags.some((flag) => arg === flag || arg.startsWith(`${flag}=`)) || /^-v\d/.test(arg)) ||
    ['TF_LOG', 'PULUMI_OPTION_DEBUG', 'PULUMI_OPTION_VERBOSE', 'PULUMI_OPTION_TRACING', 'GRPC_TRACE'].some(
      (name) => env[name] !== undefined,
    )
  );
}

/** Whether a warm process may run the program for this command of Pulumi. */
export function runsProgramWarm(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  return withProgramOf.includes(args[0] ?? '') && !traces(args, env);
}

/** Calls `work` with the option that makes Pulumi use a program that runs in a process which has run it before. */
export async function withWarmProgram<Result>(run: Run, work: (option: string) => Promise<Result>): Promise<Result> {
  const { withProgram } = loadByNode(join(process.cwd(), 'test', 'support', 'jest', 'warmProcesses.cjs')) as {
    withProgram: (run: Run, work: (address: string) => Promise<Result>) => Promise<Result>;
  };
  return withProgram(run, (address) => work(`--client=${address}`));
}
