import { z } from 'zod';
import { ofRepository, orMissing } from '../../services/github/github.ts';
import { latestCheck } from '../../services/github/checks.ts';
import { github } from '../../services/github/route.ts';
import { readBuilds } from '../../services/netlify/deploys.ts';
import { branchesOf } from '../../settings/context.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { deployWorkflows } from '../../deploys/runs.ts';
import { broken, fine, warning, type Check } from './diagnosis.ts';
import { deployAlias } from '../../settings/names/names.ts';

const workflowAnswer = z.object({ state: z.string() });

/** Exactly one deploys develop: with Netlify's own Git build beside the deploy job nobody knows which one people see. */
export const onePath: Check = async (staging) => {
  const { api, site } = await staging.netlify();
  const { api: hub, name } = staging.github();
  const stateOf = async (file: string) => {
    const parameters = { ...ofRepository(name), workflow_id: file };
    const route = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}';
    return { file, state: (await orMissing(github(hub, route, parameters, workflowAnswer)))?.data.state };
  };
  const [builds, ...workflows] = await Promise.all([readBuilds(api, site.siteId), ...deployWorkflows.map(stateOf)]);
  const there = workflows.filter(({ state }) => state !== undefined);
  const branches = [...new Set([staging.branch, ...branchesOf(staging.settings.netlify.contexts)])];
  const built = builds.stopped ? [] : branches.filter((branch) => builds.builtBranches?.includes(branch) ?? true);
  // A workflow of that name is in every repository: the job is there when its check reports.
  const reports = built.length === 0 || (await latestCheck(hub, name, staging.branch, requiredCheck)) !== undefined;
  const hasJob = there.some(({ state }) => state === 'active') && reports;
  const address = `https://${hasJob ? deployAlias : staging.branch}--${builds.defaultDomain}`;
  if (hasJob && built.length > 0) {
    return broken(
      `Netlify builds ${built.join(' and ')} from Git as well as the deploy job: only what the job puts at ${address} is smoke-tested. ` +
        'Take the branches out: Netlify → Build & deploy → Branches and deploy contexts → only the production branch',
    );
  }
  if (hasJob) return fine(`only the deploy job; staging's address is ${address}`);
  if (built.includes(staging.branch)) {
    return warning(
      `only Netlify's own build, which no smoke test follows (${address}). Install the deploy job (npm run pipeline), then take the branch out of Netlify's builds`,
    );
  }
  const found =
    there.length === 0
      ? `none of ${deployWorkflows.join(', ')} is`
      : `${there.map(({ file, state }) => `${file} (${state ?? ''})`).join(' and ')} ${there.length === 1 ? 'is' : 'are'}`;
  return broken(
    `nothing deploys ${staging.branch}: ${found} in ${name.owner}/${name.repository}, and Netlify does not build the branch. Install the job: npm run pipeline`,
  );
};
