import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../cli/errors.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { declaredHolders } from '../../rotation/holders.ts';
import { providedNames } from '../../rotation/inTheWay.ts';
import { Journals } from '../../rotation/journal.ts';
import { planOf, type Plan } from '../../rotation/plan.ts';
import { notLooked, readBy, type ReadBy } from '../../rotation/readBy.ts';
import { scopeOf, scopeUnderWay } from '../../rotation/scope.ts';
import { subjectOf } from '../../rotation/subject.ts';
import type { Secret } from '../../secrets/secret.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import type { Given } from './given.ts';
import { readValues } from './values.ts';

/** Everything that a rotation of one value needs to know before it begins or goes on. */
export interface Prepared {
  readonly plan: Plan;
  readonly readers: ReadBy;
  /** The vault's values; `undefined`: this process has no access to it. */
  readonly values: ReadonlyMap<string, Secret> | undefined;
  readonly journals: Journals;
  readonly overlapSeconds: number;
}

/** How long the old one stays valid after the last place has the new one, where nobody says it. */
const usualOverlapSeconds = 60;

/**
 * The plan of a value's rotation, of one that is under way too. `overlap` outranks what that one began with; `known`: what the
 * vault holds, where it has been read already.
 */
export async function prepare(
  { settings, stack }: StagingServices,
  given: string,
  values: Given,
  overlap?: number,
  known?: ReadonlyMap<string, Secret>,
): Promise<Prepared> {
  const asked = subjectOf(settings, given, values.random);
  const holders = declaredHolders(settings);
  const journals = new Journals(journalFolder(stack));
  const journal = journals.read(asked.value);
  // What a rotation began with holds to its end, whatever the next call says.
  const subject = journal?.random === true ? subjectOf(settings, given, true) : asked;
  const overlapSeconds = overlap ?? journal?.overlapSeconds ?? values.overlap ?? usualOverlapSeconds;
  // One that is under way knows its fields: it reads what each step needs, and nothing of other values.
  const found = known ?? (await readValues(journal === undefined ? holders : []));
  const scope =
    journal === undefined
      ? scopeOf(subject, holders, found, settings.supabase.project)
      : scopeUnderWay(journal.members, journal.legacy, holders);
  const plan = planOf(settings, subject, scope, overlapSeconds);
  const application = applicationOf(values);
  const isMoving = subject.kind.how === 'supabase-key' && scope.legacy !== false;
  const readers = application === undefined ? notLooked : await readBy(settings, namesOf(plan), application, isMoving);
  return { plan, readers, values: found, journals, overlapSeconds };
}

/** The names that places have, and those under which Supabase itself gives Edge Functions the key. */
function namesOf(plan: Plan): string[] {
  return [...new Set([...plan.subject.names, ...plan.holders.map(({ name }) => name), ...providedNames(plan)])];
}

/** Throws where the journal would be gone with the runner of a CI job: what is half done could neither go on nor be taken back. */
export function refuseLostJournal(): void {
  const { CI: ci = '', ROTATIONS_DIR: given = '' } = process.env;
  if (ci === '' || ci === 'false' || given !== '') return;
  throw new UsageError(
    'Nothing was done: this is a CI job (CI is set), and the journal of a rotation would be gone with its runner, so that a rotation ' +
      'which stops half way could neither go on nor be taken back. Rotate on a machine of yours, or set ROTATIONS_DIR to a folder that outlives the job.',
  );
}

/** `ROTATIONS_DIR`, else a folder beside Pulumi.yaml that git ignores: a stack's rotations are kept separate from another's. */
function journalFolder(stack: string): string {
  const { ROTATIONS_DIR: given } = process.env;
  const all = resolve(projectRoot(), given === undefined || given === '' ? '.rotations' : given);
  return join(all, stack.replaceAll('/', '_'));
}

/** The application's folder: `--app`, else `STAGING_APPLICATION`. Throws a {@link UsageError} for what is no folder. */
export function applicationOf({ app }: Pick<Given, 'app'>): string | undefined {
  const { STAGING_APPLICATION: usual } = process.env;
  const path = app ?? (usual === '' ? undefined : usual);
  if (path === undefined) return undefined;
  const folder = resolve(calledFrom(), path);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`The application’s folder, ${path}, is no folder. Give it with --app PATH.`);
  return folder;
}

/** npm runs scripts at the root, wherever they were called. */
export function calledFrom(): string {
  return process.env.INIT_CWD ?? process.cwd();
}
