import { newestFirst } from '../machine/times.ts';
import { forStack } from './stack/stackCommand.ts';

/** What a change of Netlify's variables takes to be read: a deploy has the values that were there when it was made. */
export const readFromNextDeploy = () =>
  `Staging reads what was written on Netlify from its next deploy: ${forStack('npm run deploy:trigger')}. Until then the old value is in use: revoke nothing.`;

/** The same as a lasting fact, from the times (ISO 8601) at which the variables were last changed there. */
export function readFromDeployAfter(lastUpdated: readonly string[]): string {
  const [last] = [...lastUpdated].sort(newestFirst);
  if (last === undefined) return 'no variable is declared';
  return `from the first deploy of staging after ${last}: ${forStack('npm run deploy:trigger')}. Until then the old values are in use: revoke nothing`;
}
