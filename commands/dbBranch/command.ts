import { listBranches, managementApi, readConnection } from '../../services/supabase/management.ts';
import { findBranch, type Act } from './act.ts';
import { branchedProject, ownRoot } from './branchedProject.ts';
import { branchCache, isCacheable } from './cache.ts';
import { create } from './create.ts';
import { promote } from './promote.ts';
import { cleanup, cleanupOf, remove } from './remove.ts';
import { branchTable, connectionFacts } from './shown.ts';
import { exitCode, runCommand, seconds, UsageError } from '../../cli/command.ts';
import { inTimeline } from '../../incidents/timeline.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const help = `
npm run db:branch:create -- NAME | db:branch:list | db:branch:get -- NAME | db:branch:delete -- NAME
        db:branch:cleanup | db:branch:promote -- NAME

Branches of the configured Supabase project (supabase.project): a database of its own for a change of the schema, with
every migration applied, instead of a new project. It never makes a project. Runbook: docs/supabase_branching.md

  create    makes the branch and waits until it is healthy; prints how to reach it, without a secret, then BRANCH_ID,
            BRANCH_URL and BRANCH_NAME for a job, and keeps them in ${branchCache}
  list, get what there is
  delete    removes the branch and its database
  cleanup   removes branches that are older than --max-age days, or whose name matches --pattern
  promote   applies the branch's migrations to the project: PRODUCTION uses it

  --with-data        create: copy production's data into the branch (default: none)
  --max-age DAYS     cleanup (default 7; with a pattern alone, any age)
  --pattern REGEX    cleanup: only names that match
  --integration      delete, cleanup: those too that Supabase's GitHub integration made for a pull request, and deletes itself
  --project REF      the project; any other than the configured one is refused. With --yes, promote and create --with-data want it.
                     Where there is no configuration, in the application's repository: which project (or SUPABASE_PROJECT_REF)
  --timeout SECONDS  create: how long to wait (default 600)
  --yes --dry-run --verbose --json --stack NAME

It needs SUPABASE_ACCESS_TOKEN. Exit codes: 0 done, 1 error, 2 the branch is not healthy.
`;

const isVerb = (verb: string | undefined) => ['create', 'get', 'delete', 'promote'].includes(verb ?? '');
const nameRule = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const flag = { type: 'boolean', default: false } as const;
const option = { type: 'string' } as const;

void runCommand({
  help,
  options: {
    ...{ 'with-data': flag, yes: flag, 'dry-run': flag, json: flag, integration: flag, verbose: flag },
    ...{ project: option, 'max-age': option, pattern: option },
    timeout: { type: 'string', default: '600' },
    stack: { type: 'string', default: 'staging' },
  },
  numbers: { timeout: seconds, 'max-age': { unit: 'days', least: 1, most: 36_500 } },
  async run(values, [verb, name, ...more]) {
    if (more.length > 0) throw new UsageError('There is one name.');
    const root = ownRoot();
    const { ref, isShared } = branchedProject(root, values);
    const timeoutMs = Number(values.timeout) * 1000;
    const api = managementApi();
    const act: Act = {
      ...{ timeoutMs, yes: values.yes, project: values.project, ref, isShared, integration: values.integration },
      dryRun: values['dry-run'],
      print: (text, data) => process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text),
      report: (line) => process.stderr.write(`${line}\n`),
    };
    // What changed nothing is no part of an incident; in the application's own repository none is kept.
    const timed = (work: () => Promise<number>) => {
      if (act.dryRun || root === undefined) return work();
      const what = `db:branch:${verb ?? ''} ${name ?? ''}`.trim();
      return inTimeline(root, actor(undefined), what, work, () => undefined);
    };
    if (verb === 'list') {
      const branches = await listBranches(api, ref);
      act.print(branchTable(branches) || 'No branches.\n', branches);
      return exitCode.fine;
    }
    if (verb === 'cleanup') {
      if (name !== undefined)
        throw new UsageError(`cleanup takes no name; one branch: ${forStack('npm run db:branch:delete -- NAME')}`);
      return timed(() => cleanup(api, cleanupOf(values['max-age'], values.pattern), act));
    }
    const isName = name !== undefined && nameRule.test(name) && isCacheable(name);
    const ofProduction = verb === 'promote' || (verb === 'create' && values['with-data']);
    // A job of GitHub Actions has nobody to ask, and a branch without data harms nothing: its call is the consent.
    const isJobsOwn = verb === 'create' && !ofProduction && process.env.GITHUB_ACTIONS === 'true';
    const lacking = [
      !isName && { add: 'NAME', why: 'letters, digits, and . _ / - (at most 63)' },
      ...(values['dry-run'] || verb === 'get' || isJobsOwn
        ? []
        : missingConsent(values, ofProduction ? ref : undefined)),
    ];
    const args = process.argv.slice(3).filter((arg) => isName || arg !== name);
    if (isVerb(verb)) await refuseMissing({ script: `db:branch:${verb}`, args }, lacking);
    if (name === undefined) throw new UsageError('The verb is create, list, get, delete, cleanup or promote.');
    switch (verb) {
      case 'create':
        return timed(() => create(api, name, { ...act, withData: values['with-data'] }));
      case 'get': {
        const branch = await findBranch(api, ref, name);
        const connection = await readConnection(api, branch.ref);
        act.print(branchTable([branch]) + connectionFacts(connection), { ...branch, connection });
        return exitCode.fine;
      }
      case 'delete':
        return timed(() => remove(api, name, act));
      case 'promote':
        return timed(() => promote(api, name, act));
      default:
        throw new UsageError('The verb is create, list, get, delete, cleanup or promote.');
    }
  },
});
