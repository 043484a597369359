import { readBranch } from '../services/github/checks.ts';
import { ofRepository, orMissing, repositoryPath, type RepositoryName } from '../services/github/github.ts';
import { github, githubWrite } from '../services/github/route.ts';
import { call, type Api } from '../services/door/http.ts';
import { classicAnswer, classicBody } from './classic.ts';
import { rulesetName } from './declared.ts';
import type { Protection, Rule } from './rule.ts';
import { rulesetAnswer, rulesetList, rulesetRule, rulesInForce, type RulesetContent } from './ruleset.ts';
import type { LiveRules, LiveRuleset } from './weaknesses.ts';

/** Requests about a branch's rules; each throws a `ServiceError`. */

/** The classic protection of a branch; `undefined` when it has none. */
export async function readClassic(api: Api, name: RepositoryName, branch: string): Promise<Rule | undefined> {
  const route = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';
  return (await orMissing(github(api, route, { ...ofRepository(name), branch }, classicAnswer)))?.data;
}

/** The rulesets of the repository by name. */
export async function listRulesets(api: Api, name: RepositoryName): Promise<{ id: number; name: string }[]> {
  const all = { ...ofRepository(name), per_page: 100 };
  return (await orMissing(github(api, 'GET /repos/{owner}/{repo}/rulesets', all, rulesetList)))?.data ?? [];
}

/** A ruleset's rules and conditions as they are now. */
export async function readRuleset(api: Api, name: RepositoryName, id: number): Promise<RulesetContent> {
  return readAnswer(api, name, id);
}

async function readAnswer(api: Api, name: RepositoryName, id: number) {
  const own = { ...ofRepository(name), ruleset_id: id };
  return (await github(api, 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', own, rulesetAnswer)).data;
}

/** Everything that binds the declared branch; when it was deleted is a question of its own. */
export async function readLiveRules(
  api: Api,
  name: RepositoryName,
  { branch, form }: Protection,
  app: Promise<number>,
): Promise<Omit<LiveRules, 'branchDeletedAt'>> {
  const [head, classic, rulesets, actionsAppId] = await Promise.all([
    readBranch(api, name, branch),
    readClassic(api, name, branch),
    branchRulesets(api, name, branch, form === 'ruleset' ? rulesetName(branch) : undefined),
    app,
  ]);
  return { branchExists: head !== undefined, classic, rulesets, actionsAppId };
}

/**
 * The rulesets that matter for a branch: those in force for it, and the one called `declared` wherever it applies.
 * One request for the rules in force, one for the list, and one for each of those rulesets.
 */
export async function branchRulesets(
  api: Api,
  name: RepositoryName,
  branch: string,
  declared: string | undefined,
): Promise<LiveRuleset[]> {
  const at = { ...ofRepository(name), branch, per_page: 100 };
  const [inForce, known] = await Promise.all([
    orMissing(github(api, 'GET /repos/{owner}/{repo}/rules/branches/{branch}', at, rulesInForce)),
    listRulesets(api, name),
  ]);
  const parts = inForce?.data ?? [];
  const ids = new Set(parts.flatMap(({ ruleset_id: id }) => id ?? []));
  const wanted = known.filter(({ id, name: title }) => ids.has(id) || title === declared);
  const own = await Promise.all(wanted.map(({ id }) => readAnswer(api, name, id)));
  // A ruleset of the organisation is in force without being in this list's details: its rules are known all the same.
  const foreign = [...ids].filter((id) => !known.some((each) => each.id === id));
  return [
    ...own.map(({ id, name: title, enforcement, rules, bypass_actors: bypass }) => ({
      ...{ id, name: title, enforcement, inForce: ids.has(id), bypassActors: bypass?.length },
      rule: rulesetRule(rules, bypass?.length),
    })),
    ...foreign.map((id) => ({
      ...{ id, name: `ruleset ${id}`, enforcement: 'active', inForce: true, bypassActors: undefined },
      rule: rulesetRule(parts.filter(({ ruleset_id: each }) => each === id)),
    })),
  ];
}

/** Makes a ruleset, or replaces what it says. Yields its id. */
export async function writeRuleset(
  api: Api,
  name: RepositoryName,
  id: number | undefined,
  ruleset: Readonly<Record<string, unknown>>,
): Promise<number> {
  const all = `${repositoryPath(name)}/rulesets`;
  const [method, path] = id === undefined ? (['POST', all] as const) : (['PUT', `${all}/${id}`] as const);
  const audit = { action: 'set', writes: [{ place: 'ruleset', name: id === undefined ? 'a new one' : String(id) }] };
  return (await call(api, { method, path, body: ruleset, audit }, rulesetAnswer.pick({ id: true }))).data.id;
}

/**
 * Changes the classic protection of a branch in one request that replaces it whole: what `change` leaves alone stays as
 * it is, undeclared settings too. There is no moment without protection.
 */
export async function changeClassic(
  api: Api,
  name: RepositoryName,
  branch: string,
  change: (live: Rule) => Rule,
): Promise<void> {
  const before = (await readClassic(api, name, branch)) ?? classicAnswer.parse({});
  const after = change(before);
  const audit = (part?: string) => ({ action: 'set', writes: [{ place: 'protection', name: branch, in: part }] });
  const path = `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}/protection`;
  await call(api, { method: 'PUT', path, body: classicBody(after, before), audit: audit() });
  if (!after.signatures || before.signatures) return;
  // A switch of its own in GitHub's API.
  const route = 'POST /repos/{owner}/{repo}/branches/{branch}/protection/required_signatures';
  await githubWrite(api, audit('required_signatures'), route, { ...ofRepository(name), branch });
}
