/** The types of the providers' resources that more than one part of this project speaks of, as Pulumi spells them. */
export const resourceTypes = {
  netlifyVariable: 'netlify:index/environmentVariable:EnvironmentVariable',
  repositoryEnvironment: 'github:index/repositoryEnvironment:RepositoryEnvironment',
  edgeFunctionSecrets: 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
} as const;

/** The logical name of a Netlify variable's resource in the stack. */
export function netlifyResource(key: string): string {
  return `netlify-${key}`;
}
