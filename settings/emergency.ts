/** Whether a value of the agents' emergency variable keeps them from acting, as the application reads it. */
export function disablesAgents(value: string): boolean {
  return ['true', '1', 'yes'].includes(value.trim().toLowerCase());
}
