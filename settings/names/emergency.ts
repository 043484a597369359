/** Whether a value of the agents' emergency variable keeps them from acting, as the application reads it. */
export function disablesAgents(value: string): boolean {
  return ['true', '1', 'yes'].includes(value.trim().toLowerCase());
}

/** The same of a value on Netlify, where a secret one cannot be read (`undefined`): it may be on. */
export function mayDisableAgents(value: string | undefined): boolean {
  return value === undefined || disablesAgents(value);
}
