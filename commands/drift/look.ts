import { rulesetName } from '../../protection/declared.ts';
import { readLiveRules } from '../../protection/github.ts';
import { isRuleThere, wasNeverThere, type LiveRules } from '../../protection/weaknesses.ts';
import { githubApi, type RepositoryName } from '../../services/github/github.ts';
import { annotationTitles, latestCheck, pullRequestJobs } from '../../services/github/checks.ts';
import { branchDeletedAt } from '../../services/github/activity.ts';
import { readTokenEnd } from '../../services/github/tokenEnd.ts';
import type { Api } from '../../services/door/http.ts';
import { teamWide } from '../../guards/teamWide.ts';
import {
  findSite,
  listTeamVariables,
  listVariables,
  netlifyApi,
  type LiveVariable,
} from '../../services/netlify/netlify.ts';
import { actionsAppId } from '../../services/github/actionsApp.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import type { Settings } from '../../settings/settings.ts';
import { applicationReaders, readerFindings } from './checks/applicationReaders.ts';
import { deployCheck } from './checks/deployCheck.ts';
import { differentHolders } from './checks/differentHolders.ts';
import { bySeverity } from './finding.ts';
import { githubOrganization, type LiveReport } from './checks/githubOrganization.ts';
import { declaredLists, hidingLists, readPlaces, unique, type LivePlaces } from '../../places/live.ts';
import { placedValues } from './checks/placed.ts';
import { killSwitch } from './checks/killSwitch.ts';
import { localOrganization } from './checks/localOrganization.ts';
import { declaredVariables } from './checks/netlifyVariables.ts';
import { permissionsLeft } from './checks/permissions.ts';
import { pipelineFiles } from './checks/pipelineFiles.ts';
import { protection } from './checks/protection.ts';
import { readRecorded, type Recorded } from '../../engine/recorded.ts';
import { runningSite } from './checks/runningSite.ts';
import { tokenEnds, tokensAge, valuesEnd } from './checks/expiry.ts';
import { stackItself } from './checks/stackItself.ts';
import { oldVariables, undeclaredVariables } from './checks/undeclaredVariables.ts';
import { vault } from './checks/vault.ts';
import type { Look, LookOptions, Part } from './observed.ts';

/** Looks at everything once and writes nothing. Requests grow with the number of targets, not of variables. */
export async function look(options: LookOptions, reading?: Promise<Recorded>): Promise<Look> {
  const { settings, now, maxAgeDays } = options;
  const errors: string[] = [];
  const attempt = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!errors.includes(message)) errors.push(message);
      return undefined;
    }
  };
  // GitHub and Supabase are asked while Pulumi reads the state; Netlify after it, because the state has the site's id.
  const github = readGithub(options, attempt);
  const placesSeen = readDeclaredPlaces(options, attempt);
  const recorded = await (reading ?? readRecorded(options.root, options.stack));
  const vaultPart = attempt(vault(settings, recorded));
  const live = await attempt(readSite(settings, recorded));
  const variables = live?.own ?? [];
  const [{ rules, check, token }, places, vaultSeen, site, agents, files, readers] = await Promise.all([
    github,
    placesSeen,
    vaultPart,
    attempt(runningSite(options.siteUrl, recorded, settings)),
    attempt(killSwitch(settings)),
    attempt(pipelineFiles(options.root, options.application)),
    attempt(applicationReaders(options.root, options.stack, options.application)),
  ]);
  const organization = check && githubOrganization(settings, places, check);
  const parts: (Part | undefined)[] = [vaultSeen, site, agents, files, organization];
  const absent = rules !== undefined && wasNeverThere(rules, recorded.ruleSince);
  const findings = [
    ...stackItself(settings, recorded, variables, {
      places,
      ruleset: rules && isRuleThere(settings.github.protection, rules),
    }),
    ...permissionsLeft(settings, options.stack),
    ...tokenEnds(token, now),
    ...tokensAge(settings, now, maxAgeDays),
    ...valuesEnd(settings, recorded, now),
    ...(live
      ? [
          ...declaredVariables(settings, recorded, live.own),
          ...undeclaredVariables(settings, recorded, live.own),
          ...oldVariables(settings, live.own, maxAgeDays, now),
        ]
      : []),
    ...placedValues(settings, recorded, places, { maxAgeDays, now }),
    ...(rules && recorded.hasRule && !absent ? protection(settings.github.protection, rules) : []),
    ...(check && rules?.branchExists === true
      ? deployCheck(settings.github.protection.branch, check, check.pullRequestJobs, now)
      : []),
    ...localOrganization(options.localFile, recorded),
    ...readerFindings(readers ?? [], options.application ?? ''),
    ...parts.flatMap((part) => part?.findings ?? []),
  ];
  const notChecked = [
    ...(recorded.valuesKnown
      ? []
      : [
          'Values on Netlify: the state could not be decrypted; times were compared (PULUMI_CONFIG_PASSPHRASE, or the key service).',
        ]),
    ...(absent
      ? [
          `The rules and the check of ${settings.github.protection.branch}: GitHub has no such branch, and had none when the stack was given its rule. ` +
            'Push it, or name the branch that is merged into: allincompassing:github.protection.branch.',
        ]
      : []),
    ...(check && check.pullRequestJobs === undefined
      ? [`Whether ${requiredCheck} reports on pull requests: none has run yet.`]
      : []),
    ...(rules?.rulesets.some(
      ({ name, bypassActors }) => name === rulesetName(settings.github.protection.branch) && bypassActors === undefined,
    ) === true
      ? ['Who may bypass the ruleset: GitHub hides it from a token without administration rights.']
      : []),
    ...places.notChecked,
    ...differentHolders(settings, recorded),
    ...teamWide(settings.netlify, variables, live?.team).map((note) => `Whether that is meant: ${note}.`),
    ...parts.flatMap((part) => part?.notChecked ?? []),
  ];
  const unseenParts = parts.flatMap((part) => (part?.unseen === undefined ? [] : [part.unseen]));
  const unseen = [...new Set([...unseenParts, ...(places.notChecked.length > 0 ? (['Supabase'] as const) : [])])];
  return {
    findings: findings.sort(bySeverity),
    notChecked,
    unseen,
    errors,
    recorded,
    variables,
    places,
    rules,
    readers,
  };
}

/** The site's own variables, and those of its team. */
async function readSite(
  settings: Settings,
  recorded: Recorded,
): Promise<{ readonly own: LiveVariable[]; readonly team: LiveVariable[] | undefined }> {
  const api = netlifyApi();
  const { teamId, siteId } = recorded.site ?? (await declaredSite(api, settings));
  const [own, team] = await Promise.all([
    listVariables(api, { accountId: teamId, siteId }),
    listTeamVariables(api, teamId),
  ]);
  return { own, team };
}

async function declaredSite(api: Api, settings: Settings): Promise<{ teamId: string; siteId: string }> {
  const { accountId, id } = await findSite(api, settings.netlify);
  return { teamId: accountId, siteId: id };
}

type Attempt = <Result>(work: Promise<Result>) => Promise<Result | undefined>;

/** What stands in the places of the declared values, of each service that answers. */
function readDeclaredPlaces({ settings, repository }: LookOptions, attempt: Attempt): Promise<LivePlaces> {
  const lists = declaredLists(settings);
  return readPlaces(
    settings,
    unique([...lists, ...hidingLists(lists)]),
    { repository, project: settings.supabase.project },
    attempt,
  );
}

async function readGithub({ settings, repository }: LookOptions, attempt: Attempt) {
  const { protection: declared } = settings.github;
  const api = await attempt(Promise.resolve().then(() => githubApi()));
  if (!api) return { rules: undefined, check: undefined, token: undefined };
  // One question for two parts.
  const app = actionsAppId();
  const [rules, check, token] = await Promise.all([
    attempt(readLiveRules(api, repository, declared, app)).then((rules) =>
      rules?.branchExists === false ? withDeletion(rules, api, repository, declared.branch, attempt) : rules,
    ),
    attempt(Promise.all([lastReport(api, repository, declared.branch), pullRequestJobs(api, repository), app])),
    attempt(readTokenEnd(api, repository)),
  ]);
  return {
    rules,
    token,
    check: check && { ...check[0], pullRequestJobs: check[1], actionsAppId: check[2] },
  };
}

/** The rules of a branch that is gone, with when it was deleted: where GitHub cannot say, the branch is gone all the same. */
async function withDeletion(
  rules: LiveRules,
  api: Api,
  repository: RepositoryName,
  branch: string,
  attempt: Attempt,
): Promise<LiveRules> {
  const asked = await attempt(branchDeletedAt(api, repository, branch).then((at) => ({ at })));
  return { ...rules, branchDeletedAt: asked ? asked.at : 'unknown' };
}

/** The last report of the required check; why it failed is asked only when it did. */
async function lastReport(
  api: Api,
  repository: RepositoryName,
  branch: string,
): Promise<Omit<LiveReport, 'actionsAppId'>> {
  const latest = await latestCheck(api, repository, branch, requiredCheck);
  const failed = latest?.conclusion === 'failure';
  return { latest, annotations: failed ? await annotationTitles(api, repository, latest.id) : [] };
}
