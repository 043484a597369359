import { namespace } from './names/names.ts';

/** What a run does only when a person allows it: the setting, and the variable that allows it for one run alone. */
const variables = {
  'netlify.productionChanges': 'STAGING_PRODUCTION_CHANGES',
  'supabase.productionChanges': 'STAGING_PRODUCTION_CHANGES',
  'netlify.contextRemovals': 'STAGING_CONTEXT_REMOVALS',
  'github.protection.removals': 'STAGING_PROTECTION_REMOVALS',
} as const;

export type Allowance = keyof typeof variables;

/** The variables that allow something for one run. */
export const allowanceVariables: readonly string[] = [...new Set(Object.values(variables))];

/**
 * Who allows it: this run's environment, the stack's file, or nobody (`undefined`). Throws for a word in the environment
 * that might have meant `allow`.
 */
export function allowedBy(
  allowance: Allowance,
  inFile: 'refuse' | 'allow',
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): 'run' | 'file' | undefined {
  const given = env[variables[allowance]];
  if (given === 'allow') return 'run';
  if (given !== undefined && given !== '') {
    throw new Error(`${variables[allowance]} is not \`allow\`. Set it to that for one run, or unset it.`);
  }
  return inFile === 'allow' ? 'file' : undefined;
}

/** The whole command that allows it for one run, in a shell. */
export function commandThatAllows(allowance: Allowance, stack: string): string {
  return `${variables[allowance]}=allow pulumi up --stack ${stack}`;
}

/** The whole command that takes the setting out of the stack's file again. */
export function commandThatTakesOut(allowance: Allowance, stack: string): string {
  return `pulumi config rm --path ${namespace}:${allowance} --stack ${stack}`;
}
