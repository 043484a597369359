import { Option } from '@commander-js/extra-typings';
import { listBranches, managementApi, readConnection } from '../../services/supabase/management.ts';
import { findBranch, type Act } from './act.ts';
import { projectAround } from '../../settings/stack/projectRoot.ts';
import { branchedProject } from './branchedProject.ts';
import { branchCache, isCacheable } from './cache.ts';
import { create } from './create.ts';
import { promote } from './promote.ts';
import { cleanup, cleanupOf, remove } from './remove.ts';
import { branchTable, connectionFacts } from './shown.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { dryRun, flag, json, number, stack, timeout, yes } from '../../cli/options.ts';
import { printer, report } from '../../cli/printer.ts';
import { program } from '../../cli/program.ts';
import { inTimeline } from '../../incidents/timeline.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';

const about = `
Branches of the configured Supabase project (supabase.project): a database of its own for a change of the schema, with
every migration applied, instead of a new project. It never makes a project. Runbook: docs/supabase_branching.md
`;

const more = 'It needs SUPABASE_ACCESS_TOKEN. Exit codes: 0 done, 1 error, 2 the branch is not healthy.';

const nameRule = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const named = { usage: 'NAME' };
const verbose = flag('--verbose', 'accepted, without effect');
const project = new Option(
  '--project <REF>',
  "the project; any other than the configured one is refused. Where there is no configuration, in the application's " +
    'repository: which project (or SUPABASE_PROJECT_REF)',
);
const integration = flag(
  '--integration',
  "those too that Supabase's GitHub integration made for a pull request, and deletes itself",
);

const creates = define(
  'create',
  'Makes the branch and waits until it is healthy; prints how to reach it, without a secret, then BRANCH_ID, BRANCH_URL and ' +
    `BRANCH_NAME for a job, and keeps them in ${branchCache}.`,
  { typed: 'db:branch:create', ...named },
)
  .argument('[NAME]')
  .addOption(flag('--with-data', "copy production's data into the branch (default: none); --yes then wants --project"))
  .addOption(timeout('how long to wait (default: 600)').default(600))
  .addOption(project)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (name, options) => {
      // A job of GitHub Actions has nobody to ask, and a branch without data harms nothing: its call is the consent.
      const consents = !options.withData && process.env.GITHUB_ACTIONS === 'true';
      const branch = await opened('create', name, options, { ofProduction: options.withData, consents });
      return branch.timed(() => create(branch.api, branch.name, { ...branch.act, withData: options.withData }));
    }),
  );

const lists = define('list', 'Lists the branches.', { typed: 'db:branch:list' })
  .addOption(project)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (options) => {
      const branches = await listBranches(managementApi(), branchedProject(projectAround(), options).ref);
      printer(options)(branchTable(branches) || 'No branches.\n', branches);
      return exitCode.fine;
    }),
  );

const gets = define('get', 'Shows one branch, and how to reach it.', { typed: 'db:branch:get', ...named })
  .argument('[NAME]')
  .addOption(project)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (given, options) => {
      const { api, act, name } = await opened(
        'get',
        given,
        { ...options, yes: false, dryRun: false },
        { consents: true },
      );
      const branch = await findBranch(api, act.ref, name);
      const connection = await readConnection(api, branch.ref);
      act.print(branchTable([branch]) + connectionFacts(connection), { ...branch, connection });
      return exitCode.fine;
    }),
  );

const deletes = define('delete', 'Removes the branch and its database.', { typed: 'db:branch:delete', ...named })
  .argument('[NAME]')
  .addOption(integration)
  .addOption(project)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (name, options) => {
      const branch = await opened('delete', name, options);
      return branch.timed(() => remove(branch.api, branch.name, branch.act));
    }),
  );

const cleans = define(
  'cleanup',
  'Removes branches that are older than --max-age days, or whose name matches --pattern.',
  {
    typed: 'db:branch:cleanup',
    usage: '',
  },
)
  .argument('[NAME]') // to say what is meant where somebody gives one
  .addOption(
    number(
      '--max-age <DAYS>',
      { unit: 'days', least: 1, most: 36_500 },
      'older than so many days (default: 7; with a pattern alone, any age)',
    ),
  )
  .addOption(new Option('--pattern <REGEX>', 'only names that match'))
  .addOption(integration)
  .addOption(project)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends((name, options) => {
      if (name !== undefined) {
        throw new UsageError(`cleanup takes no name; one branch: ${forStack('npm run db:branch:delete -- NAME')}`);
      }
      const { api, act, timed } = actOf('cleanup', options);
      return timed(() => cleanup(api, cleanupOf(options.maxAge, options.pattern), act));
    }),
  );

const promotes = define('promote', "Applies the branch's migrations to the project: PRODUCTION uses it.", {
  typed: 'db:branch:promote',
  ...named,
})
  .argument('[NAME]')
  .addOption(project)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(verbose)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (name, options) => {
      const branch = await opened('promote', name, options, { ofProduction: true });
      return branch.timed(() => promote(branch.api, branch.name, branch.act));
    }),
  );

export const command = program(define('db:branch', about), {
  verbs: [creates, lists, gets, deletes, cleans, promotes],
  more,
});

/** What every verb that may change something is given. */
interface Given {
  readonly project?: string;
  readonly timeout?: number;
  readonly integration?: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly stack: string;
}

/** A verb's way to the branches, and its part of an incident's timeline. */
function actOf(verb: string, given: Given, name = '') {
  const root = projectAround();
  const { ref, isShared } = branchedProject(root, given);
  const act: Act = {
    timeoutMs: (given.timeout ?? 0) * 1000,
    yes: given.yes,
    project: given.project,
    ref,
    isShared,
    integration: given.integration ?? false,
    dryRun: given.dryRun,
    print: printer(given),
    report,
  };
  // What changed nothing is no part of an incident; in the application's own repository none is kept.
  const timed = (work: () => Promise<number>) => {
    if (act.dryRun || root === undefined) return work();
    return inTimeline(root, actor(undefined), `db:branch:${verb} ${name}`.trim(), work, () => undefined);
  };
  return { api: managementApi(), act, timed };
}

/**
 * The same for a verb that names a branch. Refuses a call without a name, or without consent. `ofProduction` says that it
 * touches what production uses, `consents` that the call itself is consent enough.
 */
async function opened(
  verb: string,
  name: string | undefined,
  given: Given,
  { ofProduction = false, consents = false }: { readonly ofProduction?: boolean; readonly consents?: boolean } = {},
) {
  const more = actOf(verb, given, name);
  const isName = name !== undefined && nameRule.test(name) && isCacheable(name);
  const args = process.argv.slice(3).filter((arg) => isName || arg !== name);
  await refuseMissing({ script: `db:branch:${verb}`, args }, [
    !isName && { add: 'NAME', why: 'letters, digits, and . _ / - (at most 63)' },
    ...(given.dryRun || consents ? [] : missingConsent(given, ofProduction ? more.act.ref : undefined)),
  ]);
  return { ...more, name: name ?? '' };
}
