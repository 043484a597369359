import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The stack that every command takes where `--stack` names none. */
export const defaultStack = 'staging';

/** The name of a stack's configuration file. */
export function stackFile(stack = defaultStack): string {
  return `Pulumi.${stackName(stack)}.yaml`;
}

/** The name of a stack without what `organization/project/NAME` puts before it. */
export function stackName(stack: string): string {
  return stack.split('/').at(-1) ?? stack;
}

/**
 * Why a stack cannot be meant: one of another project, or no name that Pulumi takes. The engine would refuse it too, but many
 * commands read the configuration without it.
 */
export function stackNameProblems(stack: string, project: string): string[] {
  const parts = stack.split('/');
  if (parts.length > 3 || !parts.every((part) => /^[\w.-]{1,100}$/.test(part)))
    return ['--stack: is NAME, ORGANIZATION/NAME or ORGANIZATION/PROJECT/NAME, of letters, digits, “-”, “_” and “.”'];
  const [, named] = parts.length === 3 ? parts : [];
  return named === undefined || named === project
    ? []
    : [`--stack: names the project ${named}; this is ${project}. Take organization/${project}/NAME, or the name alone`];
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

/** The file beside Pulumi.yaml, or in the folder that it names, which git tracks, whatever was chosen. */
export function committedFile(root: string, stack = defaultStack): string {
  return join(stackFolder(root), stackFile(stack));
}

const project = z.looseObject({ stackConfigDir: z.string().optional(), config: z.unknown().optional() });

/** The folder of the stacks' files: `stackConfigDir` of Pulumi.yaml (of old its `config`, as text), by default `root`. */
export function stackFolder(root: string): string {
  const file = join(root, 'Pulumi.yaml');
  const { data } = project.safeParse(existsSync(file) ? parse(readFileSync(file, 'utf8')) : {});
  const named = data?.stackConfigDir ?? data?.config;
  return typeof named === 'string' ? resolve(root, named) : root;
}
