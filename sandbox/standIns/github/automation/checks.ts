import { z } from 'zod';
import type { ServiceReply } from '../../../server/service.ts';
import { appObject } from '../accounts.ts';
import { shaOf } from '../branches.ts';
import { ApiError, bodyOf, countedPage, idParam, nodeId, notFound, pageUrl, param, repositoryOf } from '../call.ts';
import { repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import type { Routes } from '../router.ts';
import { now, takeId } from '../state.ts';
import type { CheckRun, Repository } from '../records.ts';

const conclusions = z.enum([
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
]);
const changes = z.object({
  details_url: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: conclusions.optional(),
  started_at: z.iso.datetime().optional(),
  completed_at: z.iso.datetime().optional(),
  output: z
    .object({ title: z.string().optional(), summary: z.string().optional(), text: z.string().optional() })
    .optional(),
});
const creation = changes.extend({ name: z.string().min(1), head_sha: z.string().min(1) });

/** A check run in the API's form. */
function checkRunObject(call: Call, repository: Repository, run: CheckRun) {
  const url = `${repositoryUrl(call, repository)}/check-runs/${run.id}`;
  const app = call.store.state.apps.find(({ id }) => id === run.appId);
  return {
    id: run.id,
    head_sha: run.headSha,
    node_id: nodeId('CheckRun', run.id),
    external_id: '',
    url,
    html_url: `${pageUrl(call, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: run.annotations?.length ?? 0, annotations_url: `${url}/annotations` },
    name: run.name,
    check_suite: { id: run.id },
    app: app ? appObject(call, app) : null,
    pull_requests: [],
  };
}

function list(call: Call): ServiceReply {
  const repository = repositoryOf(call);
  const ref = param(call, 'ref');
  const sha = shaOf(repository, ref);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  const query = call.request.query;
  const runs = repository.checkRuns
    .filter((run) => run.headSha === sha)
    .filter((run) => (query.get('check_name') ?? run.name) === run.name)
    .filter((run) => (query.get('status') ?? run.status) === run.status)
    .filter((run) => (query.get('app_id') ?? String(run.appId)) === String(run.appId));
  const shown = query.get('filter') === 'all' ? runs : latest(runs);
  return countedPage(call, 'check_runs', shown, (run) => checkRunObject(call, repository, run));
}

/** The last run of each name and app. */
function latest(runs: readonly CheckRun[]): CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.appId} ${run.name}`, run])).values()];
}

/** Only apps may write check runs; a person's token gets 403. */
function appOf(call: Call): number {
  if (call.token.appId === undefined) {
    throw new ApiError(403, 'You must authenticate via a GitHub App.');
  }
  return call.token.appId;
}

function create(call: Call): ServiceReply {
  const appId = appOf(call);
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const body = bodyOf(call, creation);
    if (shaOf(repository, body.head_sha) === undefined) {
      throw new ApiError(422, `No commit found for SHA: ${body.head_sha}`);
    }
    const run: CheckRun = {
      id: takeId(state),
      name: body.name,
      headSha: body.head_sha,
      appId,
      status: 'queued',
      conclusion: null,
      startedAt: now(),
      completedAt: null,
      detailsUrl: pageUrl(call, repository),
      output: { title: null, summary: null, text: null },
    };
    apply(run, body);
    repository.checkRuns.push(run);
    return { status: 201, body: checkRunObject(call, repository, run), effects: [`check run ${run.name}`] };
  });
}

function update(call: Call): ServiceReply {
  const appId = appOf(call);
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const run = runOf(call, repository);
    if (run.appId !== appId) throw new ApiError(403, 'Resource not accessible by integration');
    apply(run, bodyOf(call, changes));
    return { status: 200, body: checkRunObject(call, repository, run), effects: [`check run ${run.name}`] };
  });
}

/** A conclusion completes the run by itself. */
function apply(run: CheckRun, body: z.infer<typeof changes>): void {
  if (body.status === 'completed' && body.conclusion === undefined) {
    throw new ApiError(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  run.status = body.conclusion ? 'completed' : (body.status ?? run.status);
  run.conclusion = body.conclusion ?? run.conclusion;
  run.startedAt = body.started_at ?? run.startedAt;
  run.completedAt = body.completed_at ?? (body.conclusion ? now() : run.completedAt);
  run.detailsUrl = body.details_url ?? run.detailsUrl;
  const { title, summary, text } = body.output ?? {};
  run.output = {
    title: title ?? run.output.title,
    summary: summary ?? run.output.summary,
    text: text ?? run.output.text,
  };
}

function runOf(call: Call, repository: Repository): CheckRun {
  const run = repository.checkRuns.find(({ id }) => id === idParam(call, 'run'));
  if (!run) throw notFound();
  return run;
}

/** The annotations of a job are about the workflow itself: GitHub gives them the path `.github`. */
function annotations(call: Call): ServiceReply {
  const repository = repositoryOf(call);
  const run = runOf(call, repository);
  const body = (run.annotations ?? []).map(({ level, title, message }) => ({
    path: '.github',
    blob_href: `${pageUrl(call, repository)}/blob/${run.headSha}/.github`,
    start_line: 1,
    start_column: null,
    end_line: 1,
    end_column: null,
    annotation_level: level,
    title,
    message,
    raw_details: '',
  }));
  return { status: 200, body };
}

/** Check runs of commits. */
export const checkRoutes: Routes = {
  'GET /repos/:owner/:repo/commits/:ref/check-runs': list,
  'POST /repos/:owner/:repo/check-runs': create,
  'GET /repos/:owner/:repo/check-runs/:run': (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: checkRunObject(call, repository, runOf(call, repository)) };
  },
  'PATCH /repos/:owner/:repo/check-runs/:run': update,
  'GET /repos/:owner/:repo/check-runs/:run/annotations': annotations,
};
