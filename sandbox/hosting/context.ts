/** A variable as Netlify stores it, as far as deciding its value needs. */
export interface ContextVariable {
  readonly key: string;
  readonly values: readonly { readonly value: string; readonly context: string; readonly context_parameter?: string }[];
}

/** What Netlify's server knows of a deploy when it picks the values for its functions. */
export interface DeployContext {
  /** `production`, `branch-deploy` or `deploy-preview`. */
  readonly context: string;
  /** The branch, or the alias that a CLI deploy was given. */
  readonly branch?: string;
}

/** The environment of a deploy's functions: the branch's own value, else the context's, else the one for all. */
export function contextEnvironment(
  variables: readonly ContextVariable[],
  deploy: DeployContext,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { key, values } of variables) {
    const value =
      values.find((one) => one.context === 'branch' && one.context_parameter === deploy.branch) ??
      values.find((one) => one.context === deploy.context) ??
      values.find((one) => one.context === 'all');
    if (value !== undefined) environment[key] = value.value;
  }
  return environment;
}
