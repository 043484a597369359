import { listSecrets } from '../../services/github/github.ts';
import { listTeamVariables, listVariables } from '../../services/netlify/netlify.ts';
import { listFunctionSecrets } from '../../services/supabase/management.ts';
import { openManagement } from '../../killSwitch/access.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { digestOf } from '../../places/edgeFunction/digest.ts';
import type { Plan } from '../../rotation/plan.ts';
import type { Secret } from '../../secrets/secret.ts';
import { isBefore } from '../../machine/times.ts';

/**
 * Places that hold one of the old values, or may, as far as the services tell: plain variables on Netlify by their value, Edge
 * Function secrets by their digest under any name, GitHub's secrets of these names that this configuration does not write and
 * that nobody has written since the rotation began.
 */
export async function stillHeld(
  staging: StagingServices,
  plan: Plan,
  old: readonly Secret[],
  since: string,
): Promise<string[]> {
  const onNetlify = plan.holders.some(({ place }) => place === 'netlify');
  const found = await Promise.all([
    onNetlify ? netlifyHolders(staging, old) : [],
    edgeHolders(staging, old),
    githubHolders(staging, plan, since),
  ]);
  return found.flat();
}

async function netlifyHolders(staging: StagingServices, old: readonly Secret[]): Promise<string[]> {
  const { api, site } = await staging.netlify();
  const holds = (value: string | undefined) => old.some((each) => each.reveal() === value);
  const [own, ofTeam] = await Promise.all([listVariables(api, site), listTeamVariables(api, site.accountId)]);
  const lines = (variables: typeof own, where: string) =>
    variables.flatMap(({ key, values }) =>
      values.filter(({ value }) => holds(value)).map(({ context }) => `Netlify variable ${key}, ${context}${where}`),
    );
  return [...lines(own, ''), ...lines(ofTeam ?? [], ' (of the team)')];
}

async function edgeHolders({ settings }: StagingServices, old: readonly Secret[]): Promise<string[]> {
  const digests = new Set(old.map((each) => digestOf(each.reveal())));
  const secrets = await listFunctionSecrets(await openManagement(settings), settings.supabase.project);
  // What Supabase itself provides is no place that anybody writes.
  return secrets
    .filter(({ name, digest }) => digests.has(digest) && !name.startsWith('SUPABASE_'))
    .map(({ name }) => `Edge Function secret ${name}`);
}

async function githubHolders(staging: StagingServices, plan: Plan, since: string): Promise<string[]> {
  const { api, name: repository } = staging.github();
  const names = new Set(
    [...plan.subject.names, ...plan.holders.map(({ name }) => name)].map((each) => each.toUpperCase()),
  );
  const declared = new Set(
    plan.holders
      .filter(({ place, environment }) => place === 'actionsSecret' && environment === undefined)
      .map(({ name }) => name.toUpperCase()),
  );
  return (await listSecrets(api, repository))
    .filter(({ name, updatedAt }) => names.has(name) && !declared.has(name) && isBefore(updatedAt, since))
    .map(({ name }) => `GitHub Actions secret ${name}, which this configuration does not write: gh secret set ${name}`);
}
