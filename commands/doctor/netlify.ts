import { z } from 'zod';
import { call, type Api } from '../../services/door/http.ts';
import { netlifyApi } from '../../services/netlify/netlify.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { fine, warning, type Check } from './diagnosis.ts';
import { counted } from '../../machine/counted.ts';
import { heldValue } from './vault.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** The engineer's token sees the site, and no other team. */
export const apiToken: Check = async (staging) => {
  const { api } = await staging.netlify();
  return rights(api, staging);
};

/** The deploy job's token does the same, and is another one: so that one of them can be revoked alone. */
export const deployToken: Check = async (staging, vault) => {
  const token = await heldValue('NETLIFY_AUTH_TOKEN', staging.settings, vault);
  const api: Api = {
    ...netlifyApi({ ...process.env, NETLIFY_API_TOKEN: token }),
    accessFix: `Make a new token in Netlify, put it into the 1Password field netlify_auth_token, and run ${forStack('pulumi up')}.`,
  };
  const found = await rights(api, staging);
  if (found.state === 'fine' && token === process.env.NETLIFY_API_TOKEN) {
    return warning('is NETLIFY_API_TOKEN as well: give the deploy job a token of its own');
  }
  return found;
};

const accountAnswers = z.array(z.object({ slug: z.string(), id: z.string() }));

async function rights(api: Api, { settings }: StagingServices) {
  const { data: accounts } = await call(api, { path: '/accounts' }, accountAnswers);
  const { team } = settings.netlify;
  const others = accounts.filter(({ slug, id }) => slug !== team && id !== team);
  if (others.length === accounts.length) throw new Error(`does not see the team ${team}: use a user who is in it`);
  if (others.length > 0) return warning(`sees ${counted(others.length, 'other team')}: use a user of this team alone`);
  return fine('sees the team, and no other');
}
