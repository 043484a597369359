import { call } from '../../services/http.ts';
import { repositoryPath } from '../../services/github.ts';
import { readBuilds } from '../../services/netlifyDeploys.ts';
import { managementApi, projectStatus } from '../../services/supabaseManagement.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { wantedReferences } from '../../secrets/declaredValues.ts';
import { sharedProject } from '../../settings/sharedProject.ts';
import type { Place } from '../deploys/place.ts';
import { openDatabase } from '../killSwitch/access.ts';
import { branchesOf } from '../killSwitch/netlify.ts';
import { readTable } from '../killSwitch/table.ts';

/** What a check found. `warning` does not stop anybody; `missing` and `broken` name the fix. */
export interface Diagnosis {
  readonly name: string;
  readonly state: 'fine' | 'warning' | 'missing' | 'broken';
  readonly detail: string;
}

type Check = readonly [name: string, run: (place: Place) => Promise<Omit<Diagnosis, 'name'>>];

const fine = (detail: string) => ({ state: 'fine' as const, detail });
const warning = (detail: string) => ({ state: 'warning' as const, detail });

/** One check a token, and one for the one path that deploys. */
export const checks: readonly Check[] = [
  ['OP_SERVICE_ACCOUNT_TOKEN', vault],
  ['NETLIFY_API_TOKEN', netlify],
  ['GITHUB_TOKEN', github],
  ['SUPABASE_SERVICE_ROLE_KEY', serviceRole],
  ['SUPABASE_ACCESS_TOKEN', accessToken],
  ['SLACK_WEBHOOK_URL', () => Promise.resolve(slack(process.env.SLACK_WEBHOOK_URL))],
  ['one path deploys staging', onePath],
];

/** Runs every check; one that fails does not hide another. */
export function diagnose(place: Place): Promise<Diagnosis[]> {
  return Promise.all(
    checks.map(async ([name, run]) => {
      try {
        return { name, ...(await run(place)) };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        const missing = /is not set|No key|No access/.test(detail);
        return { name, state: missing ? ('missing' as const) : ('broken' as const), detail };
      }
    }),
  );
}

async function vault({ settings }: Place) {
  const access = vaultAccess();
  if (access.kind === 'none')
    throw new Error('No access to 1Password. Set OP_SERVICE_ACCOUNT_TOKEN, or OP_ACCOUNT for the desktop app.');
  const read = await resolveReferences(access, wantedReferences(settings));
  return fine(`reads all ${read.size} references (${access.kind})`);
}

async function netlify(place: Place) {
  const { api } = await place.netlify();
  const { json } = await call(api, { path: '/accounts' });
  const accounts = json as readonly { slug: string; id: string }[];
  const others = accounts.filter(
    ({ slug, id }) => slug !== place.settings.netlify.team && id !== place.settings.netlify.team,
  );
  if (others.length > 0) {
    return warning(`sees ${others.length} other team${others.length > 1 ? 's' : ''}: use a user of this team alone`);
  }
  return fine('sees the site, and no other team');
}

async function github(place: Place) {
  const { api, name } = place.github();
  const answer = await call(api, { path: repositoryPath(name) });
  const granted = answer.headers.get('x-oauth-scopes');
  const { permissions } = answer.json as { permissions?: { admin?: boolean; push?: boolean } };
  if (granted !== null && granted.trim() !== '') {
    return warning(
      `is a classic token (${granted}): it reaches every repository. Use a fine-grained one of this repository`,
    );
  }
  if (permissions && permissions.admin !== true) {
    return warning('does not administer the repository: enough to look and deploy, not for pulumi up');
  }
  return fine('administers the repository');
}

async function serviceRole({ settings }: Place) {
  const row = await readTable(await openDatabase(settings));
  if (!row)
    throw new Error("agent_runtime_config has no row 'global'. Apply the migrations in pipeline/supabase/migrations.");
  return fine('reads the kill switch');
}

async function accessToken() {
  const api = managementApi();
  const status = await projectStatus(api, sharedProject.ref);
  return status === 'ACTIVE_HEALTHY'
    ? fine('sees the shared project, which is healthy')
    : warning(`the shared project is ${status}`);
}

/** A webhook tells nothing of itself, and a test message would be one: only its form is looked at. */
function slack(webhook: string | undefined) {
  if (!webhook)
    throw new Error('SLACK_WEBHOOK_URL is not set. Without it incidents are not announced: copy it from 1Password.');
  if (!/^https?:\/\/[^/]+\/services\/[^/]+\/[^/]+\/[^/]+$/.test(webhook)) {
    throw new Error('SLACK_WEBHOOK_URL is no incoming webhook of Slack. Copy it from 1Password again.');
  }
  return fine('has the form of a webhook; npm run alert:slack sends a message');
}

/** Netlify's own Git build and the deploy job would race: the last one to end would be what people see. */
async function onePath(place: Place) {
  const { api, site } = await place.netlify();
  const builds = await readBuilds(api, site.siteId);
  const branches = [...new Set([place.branch, ...branchesOf(place.settings.netlify.contexts)])];
  const built = builds.stopped ? [] : branches.filter((branch) => builds.builtBranches?.includes(branch) ?? true);
  const address = `https://${place.branch}--${builds.defaultDomain}`;
  if (built.length > 0) {
    return warning(
      `Netlify builds ${built.join(' and ')} from Git as well as the deploy job: they race for ${address}. ` +
        'Take the branches out: Netlify → Build & deploy → Branches and deploy contexts → only the production branch',
    );
  }
  return fine(`only the deploy job; the branch's address is ${address}`);
}
