import { ServiceError } from '../services/door/http.ts';
import { readDeploy, type LiveDeploy } from '../services/netlify/deploys.ts';
import type { StagingServices } from './stagingServices.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** A deploy's own address: the branch's address moves on to the next deploy. */
export function permalink(url: string, id: string): string {
  if (!URL.canParse(url)) return url;
  const address = new URL(url);
  const host = address.host.split('--').at(-1) ?? address.host;
  return `${address.protocol}//${id}--${host}`;
}

/** Whether an address is this deploy's own on its site, `https://ID--SITE`, and nothing besides. */
export function isAddressOf(url: string, { id, url: known }: Pick<LiveDeploy, 'id' | 'url'>): boolean {
  if (!URL.canParse(url) || !URL.canParse(known)) return false;
  const { protocol, host, pathname, search, hash, username, password } = new URL(url);
  const expected = new URL(permalink(known, id));
  return protocol === 'https:' && host === expected.host && pathname + search + hash + username + password === '/';
}

/**
 * The address that GitHub recorded for a deploy, once Netlify has confirmed that it is a deploy of this site. Whoever may
 * write a deployment on GitHub may record any address, and a password is typed into the one that comes back from here.
 * Throws where it is not confirmed.
 */
export async function confirmedAddress(staging: StagingServices, recorded: string): Promise<string> {
  const [id = '', ...rest] = URL.canParse(recorded) ? new URL(recorded).hostname.split('--') : [];
  if (/^[0-9a-f]{24}$/.test(id) && rest.length === 1) {
    const { api, site } = await staging.netlify();
    const deploy = await readDeploy(api, site.siteId, id).catch((error: unknown) => {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    });
    if (deploy && isAddressOf(recorded, deploy)) return recorded;
  }
  throw new Error(
    'The address that GitHub recorded for this deploy is none of a deploy of the staging site (https://ID--SITE), so ' +
      `nothing was asked there and no password typed. See who recorded it: ${forStack('npm run deploy:list')}`,
  );
}
