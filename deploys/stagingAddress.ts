import { readBuilds } from '../services/netlify/deploys.ts';
import { UsageError } from '../cli/errors.ts';
import type { StagingServices } from './stagingServices.ts';

/**
 * The address of staging that a person gave for a smoke test, without a slash at its end: a password is typed there, and
 * what passes is recorded as the proof of an incident's end. It is one of the site's own, never production's, or the one
 * that `STAGING_URL` names (a team may give staging a domain). Throws `UsageError` on any other.
 */
export async function stagingAddress(staging: StagingServices, given: string): Promise<string> {
  if (!URL.canParse(given)) throw new UsageError('--url is no address. Give that of a staging deploy: https://…');
  const { protocol, host, username, password, pathname, search, hash, origin } = new URL(given);
  if (protocol !== 'https:' || pathname + search + hash + username + password !== '/')
    throw new UsageError(
      '--url must be an https address without user, path and query: a password is typed there, and the incident records it.',
    );
  const declared = process.env.STAGING_URL ?? '';
  if (URL.canParse(declared) && new URL(declared).origin === origin) return origin;
  const { api, site } = await staging.netlify();
  const { defaultDomain, productionBranch: live } = await readBuilds(api, site.siteId);
  const { mode, productionBranch } = staging.settings.netlify;
  const ofSite = host.endsWith(`--${defaultDomain}`) || (mode === 'separate-site' && host === defaultDomain);
  const production = [productionBranch, live].map((branch) => `${branch ?? ''}--${defaultDomain}`);
  if (defaultDomain !== '' && ofSite && !production.includes(host)) return origin;
  throw new UsageError(
    `--url is no address of staging (https://…--${defaultDomain}), so nothing was asked there. With a domain of its own: set STAGING_URL.`,
  );
}
