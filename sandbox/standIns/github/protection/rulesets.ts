import { z } from 'zod';
import type { ServiceReply } from '../../../server/service.ts';
import {
  ApiError,
  bodyOf,
  idParam,
  nodeId,
  notFound,
  pageOf,
  pageUrl,
  param,
  refuseFreePlan,
  repositoryOf,
} from '../call.ts';
import { repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import { rulesetApplies } from './refPattern.ts';
import type { Routes } from '../router.ts';
import { rule } from './rules.ts';
import { after, now, takeId } from '../state.ts';
import type { GitHubState, Repository, Ruleset } from '../records.ts';

const names = z.array(z.string());
const actorTypes = ['Integration', 'OrganizationAdmin', 'RepositoryRole', 'Team', 'DeployKey', 'User'] as const;
const bypassActor = z.object({
  actor_id: z
    .int()
    .nullish()
    .transform((id) => id ?? null),
  actor_type: z.enum(actorTypes),
  bypass_mode: z.enum(['always', 'pull_request', 'exempt']).default('always'),
});
const conditions = z.object({
  ref_name: z.object({ include: names.default([]), exclude: names.default([]) }).default({ include: [], exclude: [] }),
});
const changes = z.object({
  name: z.string().min(1).optional(),
  target: z.enum(['branch', 'tag', 'push']).optional(),
  enforcement: z.enum(['disabled', 'active', 'evaluate']).optional(),
  bypass_actors: z.array(bypassActor).nullish(),
  conditions: conditions.nullish(),
  rules: z.array(rule).nullish(),
});
const creation = changes.required({ name: true, enforcement: true });

function rulesetObject(call: Call, repository: Repository, ruleset: Ruleset) {
  return { ...rulesetSummary(call, repository, ruleset), ...rulesetDetails(call, ruleset) };
}

/** What a list shows of a ruleset. */
function rulesetSummary(call: Call, repository: Repository, ruleset: Ruleset) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: 'Repository',
    source: `${repository.owner}/${repository.name}`,
    enforcement: ruleset.enforcement,
    node_id: nodeId('RepositoryRuleset', ruleset.id),
    _links: {
      self: { href: `${repositoryUrl(call, repository)}/rulesets/${ruleset.id}` },
      html: { href: `${pageUrl(call, repository)}/rules/${ruleset.id}` },
    },
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
  };
}

/** Who may bypass is shown to those only who may change it. */
function rulesetDetails(call: Call, ruleset: Ruleset) {
  const mayWrite = call.token.access === 'write';
  return {
    conditions: ruleset.conditions,
    rules: ruleset.rules,
    ...(mayWrite && { bypass_actors: ruleset.bypassActors }),
    current_user_can_bypass: 'never',
  };
}

function create(call: Call): ServiceReply {
  return change(call, (state, repository) => {
    const body = bodyOf(call, creation);
    refuseSameName(repository, body.name);
    refuseMergeQueue(repository, body.rules ?? []);
    const createdAt = now();
    const ruleset: Ruleset = {
      id: takeId(state),
      name: body.name,
      target: body.target ?? 'branch',
      enforcement: body.enforcement,
      bypassActors: body.bypass_actors ?? [],
      conditions: body.conditions ?? { ref_name: { include: [], exclude: [] } },
      rules: body.rules ?? [],
      createdAt,
      updatedAt: createdAt,
    };
    repository.rulesets.push(ruleset);
    return reply(call, repository, ruleset, 201);
  });
}

/** What the body leaves out stays. */
function update(call: Call): ServiceReply {
  return change(call, (_state, repository) => {
    const ruleset = rulesetOf(call, repository);
    const body = bodyOf(call, changes);
    if (body.name !== undefined) refuseSameName(repository, body.name, ruleset);
    refuseMergeQueue(repository, body.rules ?? []);
    Object.assign(ruleset, {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.target && { target: body.target }),
      ...(body.enforcement && { enforcement: body.enforcement }),
      ...(body.bypass_actors && { bypassActors: body.bypass_actors }),
      ...(body.conditions && { conditions: body.conditions }),
      ...(body.rules && { rules: body.rules }),
      updatedAt: after(ruleset.updatedAt),
    });
    return reply(call, repository, ruleset, 200);
  });
}

function remove(call: Call): ServiceReply {
  return change(call, (_state, repository) => {
    const ruleset = rulesetOf(call, repository);
    repository.rulesets = repository.rulesets.filter((other) => other !== ruleset);
    return { status: 204, effects: [`ruleset ${ruleset.id} deleted`] };
  });
}

function reply(call: Call, repository: Repository, ruleset: Ruleset, status: number): ServiceReply {
  return { status, body: rulesetObject(call, repository, ruleset), effects: [`ruleset ${ruleset.id}`] };
}

function change(call: Call, by: (state: GitHubState, repository: Repository) => ServiceReply): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    refuseFreePlan(repository);
    return by(state, repository);
  });
}

/** A merge queue is for organizations alone. */
function refuseMergeQueue({ ownedByUser }: Repository, rules: readonly { readonly type: string }[] = []): void {
  if (!ownedByUser || !rules.some(({ type }) => type === 'merge_queue')) return;
  throw new ApiError(422, 'Validation Failed', ["Invalid rule 'merge_queue': "]);
}

function rulesetOf(call: Call, repository: Repository): Ruleset {
  const ruleset = repository.rulesets.find(({ id }) => id === idParam(call, 'ruleset'));
  if (!ruleset) throw notFound();
  return ruleset;
}

function refuseSameName(repository: Repository, name: string, except?: Ruleset): void {
  const taken = repository.rulesets.some((ruleset) => ruleset !== except && ruleset.name === name);
  if (!taken) return;
  const error = { resource: 'RepositoryRuleset', field: 'name', code: 'custom', message: 'Name must be unique' };
  throw new ApiError(422, 'Validation Failed', [error]);
}

/** The rules that bind a branch, from every active ruleset; classic protection is not among them. */
function effectiveRules(call: Call): ServiceReply {
  const repository = repositoryOf(call);
  refuseFreePlan(repository);
  const rules = repository.rulesets
    .filter(({ enforcement, target }) => enforcement === 'active' && target === 'branch')
    .filter(({ conditions }) => rulesetApplies(conditions, param(call, 'branch'), repository.defaultBranch))
    .flatMap((ruleset) =>
      ruleset.rules.map((each) => ({
        ...each,
        ruleset_source_type: 'Repository',
        ruleset_source: `${repository.owner}/${repository.name}`,
        ruleset_id: ruleset.id,
      })),
    );
  const { items, headers } = pageOf(call, rules);
  return { status: 200, headers, body: items };
}

const path = '/repos/:owner/:repo/rulesets';

/** Rulesets of a repository, and the rules in force for a branch. */
export const rulesetRoutes: Routes = {
  [`GET ${path}`]: (call) => {
    const repository = repositoryOf(call);
    refuseFreePlan(repository);
    const { items, headers } = pageOf(call, repository.rulesets);
    return { status: 200, headers, body: items.map((ruleset) => rulesetSummary(call, repository, ruleset)) };
  },
  [`POST ${path}`]: create,
  [`GET ${path}/:ruleset`]: (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: rulesetObject(call, repository, rulesetOf(call, repository)) };
  },
  [`PUT ${path}/:ruleset`]: update,
  [`DELETE ${path}/:ruleset`]: remove,
  'GET /repos/:owner/:repo/rules/branches/:branch': effectiveRules,
};
