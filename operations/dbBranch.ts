import { ServiceError, type Api } from '../services/http.ts';
import {
  createBranch,
  deleteBranch,
  listBranches,
  managementApi,
  mergeBranch,
  readConnection,
  type BranchConnection,
  type DatabaseBranch,
} from '../services/supabaseManagement.ts';
import { sharedProject } from '../settings/sharedProject.ts';
import { BranchUnhealthy, waitForBranch } from './branches/wait.ts';
import { exitCode, runCommand, UsageError } from './cli.ts';
import { confirm } from './confirm.ts';
import { confirmSharedProject } from './project.ts';

const help = `
npm run db:branch:create -- NAME | db:branch:list | db:branch:get -- NAME | db:branch:delete -- NAME | db:branch:promote -- NAME

Branches of the shared Supabase project ${sharedProject.ref}: a database of its own for a change of the schema, with
every migration applied, instead of a new project. It never makes a project. Runbook: docs/supabase_branching.md

  create    makes the branch and waits until it is healthy; prints how to reach it, without a secret
  list, get what there is
  delete    removes the branch and its database
  promote   applies the branch's migrations to the shared project: PRODUCTION uses it

  --with-data        create: copy production's data into the branch (default: none)
  --project REF      the project; any other than the shared one is refused. With --yes, promote and create --with-data want it
  --timeout SECONDS  create: how long to wait (default 600)
  --yes --dry-run --json

It needs SUPABASE_ACCESS_TOKEN. Exit codes: 0 done, 1 error, 2 the branch is not healthy.
`;

/** Supabase's own name for the project among its branches; it is not listed before there is another branch. */
const defaultBranch = 'main';
const nameRule = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const report = (line: string) => process.stderr.write(`${line}\n`);

void runCommand({
  help,
  options: {
    'with-data': { type: 'boolean', default: false },
    project: { type: 'string' },
    timeout: { type: 'string', default: '600' },
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run(values, [verb, name, ...more]) {
    if (more.length > 0) throw new UsageError('There is one name.');
    if (values.project !== undefined && values.project !== sharedProject.ref) {
      throw new UsageError(
        `Only the shared project ${sharedProject.ref} has branches here; no other project is made or used.`,
      );
    }
    const timeoutMs = Number(values.timeout) * 1000;
    if (!(timeoutMs > 0)) throw new UsageError('--timeout is a number of seconds.');
    const api = managementApi();
    const print = (text: string, data: unknown) =>
      process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    if (verb === 'list') {
      const branches = await listBranches(api, sharedProject.ref);
      print(branches.map(line).join('') || 'No branches.\n', branches);
      return exitCode.fine;
    }
    if (name === undefined || !nameRule.test(name)) {
      throw new UsageError('NAME is missing, or is not letters, digits, and . _ / - (at most 63).');
    }
    const act = { name, timeoutMs, yes: values.yes, project: values.project, print, dryRun: values['dry-run'] };
    switch (verb) {
      case 'create':
        return create(api, { ...act, withData: values['with-data'] });
      case 'get': {
        const branch = await find(api, name);
        const connection = await readConnection(api, branch.ref);
        print(line(branch) + facts(connection), { ...branch, connection });
        return exitCode.fine;
      }
      case 'delete':
        return remove(api, act);
      case 'promote':
        return promote(api, act);
      default:
        throw new UsageError('The verb is create, list, get, delete or promote.');
    }
  },
});

interface Act {
  readonly name: string;
  readonly timeoutMs: number;
  readonly yes: boolean;
  readonly project: string | undefined;
  readonly dryRun: boolean;
  readonly print: (text: string, data: unknown) => void;
}

async function create(api: Api, act: Act & { readonly withData: boolean }): Promise<number> {
  const { name, print, withData } = act;
  const there = (await listBranches(api, sharedProject.ref)).find((branch) => branch.name === name);
  if (there?.isDefault || name === defaultBranch) {
    throw new Error(`${name} is the project itself, which PRODUCTION uses. Take another name. Nothing was done.`);
  }
  report(
    `This will make the branch ${name} of ${sharedProject.ref}${withData ? " with a copy of PRODUCTION's data" : ' without data'}. A branch costs money while it exists.`,
  );
  if (there) report(`It is there already (${there.ref}); waiting for it instead.`);
  const agreed = () =>
    withData ? confirmSharedProject('Type the project’s reference to copy its data:', act) : confirm('Make it?', act);
  if (act.dryRun || (!there && !(await agreed()))) return nothing(act);
  const branch = there ?? (await make(api, name, withData));
  try {
    const connection = await waitForBranch(api, sharedProject.ref, branch.ref, { ...act, report });
    print(`The branch ${name} is healthy.\n${facts(connection)}`, { ...branch, connection });
    return exitCode.fine;
  } catch (error) {
    if (!(error instanceof BranchUnhealthy)) throw error;
    print(`${error.message}\n`, { ...branch, problem: error.message });
    return exitCode.findings;
  }
}

/** A create whose answer got lost may have happened: a branch of that name is looked for before anything is said. */
async function make(api: Api, name: string, withData: boolean): Promise<DatabaseBranch> {
  try {
    return await createBranch(api, sharedProject.ref, name, withData);
  } catch (error) {
    if (error instanceof ServiceError && error.status >= 400 && error.status < 500 && error.status !== 409) throw error;
    const made = (await listBranches(api, sharedProject.ref)).find((branch) => branch.name === name);
    if (made) return made;
    throw error;
  }
}

async function remove(api: Api, act: Act): Promise<number> {
  const branch = await find(api, act.name);
  if (branch.isDefault) throw new Error(`${act.name} is the project itself, which PRODUCTION uses. Nothing was done.`);
  report(`This will delete the branch ${act.name} (${branch.ref}) and everything in its database.`);
  if (act.dryRun || !(await confirm('Delete it?', { yes: act.yes, expected: act.name }))) return nothing(act);
  try {
    await deleteBranch(api, branch.ref);
  } catch (error) {
    if (!(error instanceof ServiceError) || (error.status >= 400 && error.status < 500 && error.status !== 404))
      throw error;
    report(`${error.message} Looking whether it is gone …`);
  }
  if ((await listBranches(api, sharedProject.ref)).some(({ ref }) => ref === branch.ref)) {
    throw new Error(`The branch ${act.name} is still there. Run it again.`);
  }
  act.print(`Deleted ${act.name}.\n`, { deleted: branch });
  return exitCode.fine;
}

async function promote(api: Api, act: Act): Promise<number> {
  const branch = await find(api, act.name);
  if (branch.isDefault) throw new Error(`${act.name} is the project itself. Nothing was done.`);
  report(
    `This will apply the migrations of ${act.name} (${branch.status}) to ${sharedProject.ref}: PRODUCTION uses it.`,
  );
  if (branch.status !== 'MIGRATIONS_PASSED' && branch.status !== 'FUNCTIONS_DEPLOYED') {
    throw new Error(`The branch is ${branch.status}: only one whose migrations passed is promoted. Nothing was done.`);
  }
  if (act.dryRun || !(await confirmSharedProject('Type the project’s reference to promote:', act))) return nothing(act);
  await mergeBranch(api, branch.ref);
  act.print(
    `Supabase applies the migrations of ${act.name}. Prove it: npm run preview:smoke; then: npm run db:branch:delete -- ${act.name}\n`,
    { promoted: branch },
  );
  return exitCode.fine;
}

function nothing({ dryRun, print }: Act): number {
  print(`Nothing was done${dryRun ? ' (--dry-run)' : ''}.\n`, { dryRun });
  return dryRun ? exitCode.fine : exitCode.error;
}

async function find(api: Api, name: string): Promise<DatabaseBranch> {
  const branch = (await listBranches(api, sharedProject.ref)).find((one) => one.name === name || one.ref === name);
  if (!branch) throw new Error(`There is no branch ${name}. See them: npm run db:branch:list`);
  return branch;
}

function line({ name, ref, status, isDefault, persistent, createdAt }: DatabaseBranch): string {
  const marks = [...(isDefault ? ['the project itself'] : []), ...(persistent ? ['persistent'] : [])].join(', ');
  return `  ${name.padEnd(24)} ${ref}  ${status.padEnd(18)} since ${createdAt}${marks ? `  (${marks})` : ''}\n`;
}

/** How to reach it. Password and keys are in the dashboard; they are never printed. */
function facts({ ref, host, port, user, postgres, status }: BranchConnection): string {
  return [
    `  Status    ${status}`,
    `  API       https://${ref}.supabase.co`,
    `  Database  ${user ?? 'postgres'}@${host}:${port} (PostgreSQL ${postgres}); password and keys: dashboard, or \`supabase branches get\``,
    '',
  ].join('\n');
}
