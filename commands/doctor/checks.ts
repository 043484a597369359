import { isSlackWebhook, webhookProblem } from '../../alerts/refusal.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { fine, type Check, type Diagnosis } from './diagnosis.ts';
import { githubToken } from './github.ts';
import { apiToken, deployToken } from './netlify.ts';
import { onePath } from './onePath.ts';
import { accessToken, serviceRole } from './supabase.ts';
import { thrown } from './thrown.ts';
import { heldValue, onePassword, vaultValues } from './vault.ts';

export type { Diagnosis } from './diagnosis.ts';

/** A webhook says nothing of itself, and a test message would be one: only its form is looked at. */
const slack: Check = async ({ settings }, vault) => {
  const webhook = await heldValue('SLACK_WEBHOOK_URL', settings, vault);
  const problem = webhookProblem(webhook);
  if (problem !== undefined) throw new Error(problem);
  if (!isSlackWebhook(webhook)) {
    throw new Error('SLACK_WEBHOOK_URL is no incoming webhook of Slack. Copy it from 1Password again.');
  }
  return fine('has the form of a webhook; npm run alert:slack sends a message');
};

/** One check a token, and one for the one path that deploys. */
const checks: readonly (readonly [name: string, check: Check])[] = [
  ['OP_SERVICE_ACCOUNT_TOKEN', onePassword],
  ['NETLIFY_API_TOKEN', apiToken],
  ['NETLIFY_AUTH_TOKEN', deployToken],
  ['GITHUB_TOKEN', githubToken],
  ['SUPABASE_SERVICE_ROLE_KEY', serviceRole],
  ['SUPABASE_ACCESS_TOKEN', accessToken],
  ['SLACK_WEBHOOK_URL', slack],
  ['one path deploys staging', onePath],
];

/** Runs every check; one that fails does not hide another. */
export function diagnose(staging: StagingServices): Promise<Diagnosis[]> {
  const vault = vaultValues(staging.settings);
  return Promise.all(
    checks.map(async ([name, check]) => {
      try {
        return { name, ...(await check(staging, vault)) };
      } catch (error) {
        return { name, ...thrown(error) };
      }
    }),
  );
}
