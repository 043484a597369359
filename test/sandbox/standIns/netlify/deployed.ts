import { createHash } from 'node:crypto';
import { site } from '../../../../sandbox/process/identity.ts';
import type { Running, StartOptions } from './running.ts';

/** A deploy as replies show it, as far as tests look. */
export interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly context: string;
  readonly branch: string;
  readonly deploy_ssl_url: string;
  readonly required: readonly string[];
  readonly required_functions: readonly string[];
  readonly error_message: string;
  readonly locked: boolean;
}

const who = (context: 'production' | 'deploy-preview' | 'branch-deploy') => ({ context, value: context });
/** A site with a live deploy, and a variable that tells which context reads it. */
export const seed: NonNullable<StartOptions['seed']> = {
  liveDeploy: true,
  variables: [
    {
      key: 'WHO',
      values: [
        who('production'),
        who('deploy-preview'),
        who('branch-deploy'),
        { context: 'branch', context_parameter: 'staging', value: 'staging' },
      ],
    },
    { key: 'BUILD_ONLY', scopes: ['builds'], values: [{ context: 'all', value: 'x' }] },
    { key: 'SHARED', siteId: null, values: [{ context: 'all', value: 'team' }] },
  ],
};

export const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Where production is served. */
export const host = 'allincompassing.netlify.app';

export const sitePath = `/api/v1/sites/${site.id}`;

/** Creates a deploy, names its parts and uploads them, as Netlify's CLI does. */
export async function deployPage({ send }: Running, options: object, page: string): Promise<Deploy> {
  const { body } = await send('POST', `${sitePath}/deploys`, options);
  const { id } = body as Deploy;
  const bundle = `bundle of ${page}`;
  const parts = { files: { 'index.html': sha1(page) }, functions: { config: sha256(bundle) } };
  const upload = (path: string, text: string) => send('PUT', `/api/v1/deploys/${path}`, Buffer.from(text));
  const named = (await send('PUT', `${sitePath}/deploys/${id}`, parts)).body as Deploy;
  if (named.required.length > 0) await upload(`${id}/files/index.html`, page);
  if (named.required_functions.length > 0) await upload(`${id}/functions/config?runtime=js`, bundle);
  return (await send('GET', `/api/v1/deploys/${id}`)).body as Deploy;
}

/** The id of the deploy that production serves. */
export async function liveDeploy({ send }: Running): Promise<string | undefined> {
  const { body } = await send('GET', sitePath);
  return (body as { published_deploy?: { id: string } }).published_deploy?.id;
}
