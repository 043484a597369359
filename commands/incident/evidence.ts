import { listVariables } from '../../services/netlify/netlify.ts';
import type { WorkflowRun } from '../../services/github/runs.ts';
import { readHistory } from '../../deploys/history.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { deployRuns } from '../../deploys/runs.ts';
import { readStatus } from '../../killSwitch/status.ts';
import { driftSummary } from './drift.ts';

/** What can be seen from here, one line each; what cannot be seen says why, and does not hide the rest. */
export async function gatherEvidence(staging: StagingServices): Promise<string[]> {
  // Two parts have them.
  let reading: Promise<WorkflowRun[]> | undefined;
  const runs = () => {
    const { api, name } = staging.github();
    return (reading ??= deployRuns(api, name, { branch: staging.branch }));
  };
  const parts: readonly (readonly [string, () => Promise<string>])[] = [
    [
      'deploy job',
      async () => {
        const [run] = await runs();
        return run
          ? `${run.conclusion ?? run.status} at ${run.createdAt}, commit ${run.sha.slice(0, 12)}: ${run.url}`
          : 'never ran';
      },
    ],
    [
      'last deploy',
      async () => {
        const { deploys, site } = await readHistory(staging);
        const [last] = deploys;
        const shown = last ? `${last.id} ${last.state}, smoke test ${last.smoke}, made ${last.createdAt}` : 'none';
        return `${shown}; the site serves ${site.publishedDeploy ?? 'nothing'}`;
      },
    ],
    ['last changes', () => lastChanges(staging, runs)],
    [
      'kill switch',
      async () => {
        const { staging: here, production, decidedBy, table, secret } = await readStatus(staging);
        const unread = [...notSeen('the row', table), ...notSeen('the secret', secret)];
        const shared = production === null ? '' : `, production's ${production}`;
        return [`staging's agents ${here} (${decidedBy})${shared}`, ...unread].join('; ');
      },
    ],
    ['drift', () => driftSummary(staging)],
  ];
  return Promise.all(
    parts.map(async ([what, look]) => {
      try {
        return `${what}: ${await look()}`;
      } catch (error) {
        return `${what}: not seen (${firstLine(error instanceof Error ? error.message : String(error))})`;
      }
    }),
  );
}

/** A level of the kill switch that could not be read, with the reason; nothing for one that was. */
function notSeen(what: string, level: object | null): string[] {
  return level !== null && 'error' in level ? [`${what} not seen (${firstLine(String(level.error))})`] : [];
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

const shown = 3;

/** What somebody changed last: commits that were pushed, variables on the site. */
async function lastChanges(staging: StagingServices, lastRuns: () => Promise<readonly WorkflowRun[]>): Promise<string> {
  const { api: netlify, site } = await staging.netlify();
  const [runs, variables] = await Promise.all([lastRuns(), listVariables(netlify, site)]);
  const pushes = runs.slice(0, shown).map(({ sha, createdAt }) => `${sha.slice(0, 12)} pushed ${createdAt}`);
  const changed = variables
    .filter(({ updatedAt }) => updatedAt !== undefined)
    .sort((a, b) => Date.parse(b.updatedAt ?? '') - Date.parse(a.updatedAt ?? ''))
    .slice(0, shown)
    .map(({ key, updatedAt, updatedBy }) => `${key} ${updatedAt ?? ''} by ${updatedBy ?? 'somebody'}`);
  return [...pushes, ...changed].join('; ') || 'none known';
}
