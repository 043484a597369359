import { join, resolve } from 'node:path';

/** The stack that every command takes where `--stack` names none. */
export const defaultStack = 'staging';

/** The name of a stack's configuration file. */
export function stackFile(stack = defaultStack): string {
  return `Pulumi.${shortName(stack)}.yaml`;
}

/** The name of a stack without what `organization/project/NAME` puts before it. */
function shortName(stack: string): string {
  return stack.split('/').at(-1) ?? stack;
}

/** What a command adds to reach a stack: nothing for the one that it takes by itself. */
export function inStack(stack: string): string {
  return stack === defaultStack ? '' : ` --stack ${stack}`;
}

/** The file that `pulumi --config-file` names, in that flag's environment form; `undefined` when none is named. */
export function chosenFile(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string | undefined {
  const given = env.PULUMI_OPTION_CONFIG_FILE;
  return given === undefined || given === '' ? undefined : resolve(cwd, given);
}

/** The stack's configuration file that `pulumi` reads, and so every command: the one that was chosen, or {@link committedFile}. */
export function configurationFile(root: string, stack = defaultStack, env: NodeJS.ProcessEnv = process.env): string {
  return chosenFile(env) ?? committedFile(root, stack);
}

/** The file beside Pulumi.yaml, which git tracks, whatever was chosen. */
export function committedFile(root: string, stack = defaultStack): string {
  return join(root, stackFile(stack));
}
