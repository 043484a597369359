import { secret } from './environment.ts';

const yes = ['true', '1', 'yes'];

/** Whether the secret stops all agents, whatever the row of the database says. */
export function isStopped(): boolean {
  return yes.includes(secret('AGENT_ACTIONS_DISABLED')?.toLowerCase() ?? '');
}
