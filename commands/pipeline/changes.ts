import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MergeRefused, type Deviation } from './deviation.ts';
import { ignoredByGit } from './ignored.ts';
import { decode } from './insertion.ts';
import { planToml } from './netlifyToml.ts';
import { packageName, planPackage, readManifest } from './packageJson.ts';
import { packageManagerOf, type PackageManager } from './packageManager.ts';
import { siteFolderOf } from './siteFolder.ts';
import { planWorkflows } from './workflow/plan.ts';
import { choicesOf, readWorkflows } from './workflow/team.ts';

/** Where the packed commands lie in the application's repository: it needs no registry of ours. */
const archivePath = `.staging/${packageName}.tgz`;

/** One file of the application as it is and as it should be. */
export interface FileChange {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer;
}

export interface Plan {
  readonly manager: PackageManager;
  readonly changes: readonly FileChange[];
  readonly deviations: readonly Deviation[];
}

export interface PlanOptions {
  /** The commands, packed. */
  readonly archive: Buffer;
  /** Whether this project's job takes the place of the team's. */
  readonly replaceJob?: boolean;
  /** The folder of the site's netlify.toml, where several packages have one. */
  readonly site?: string | undefined;
}

function read(folder: string, path: string): Buffer | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Runs a merge; what it refuses becomes a deviation of the file, which stays as it is. */
function merging<Result extends { readonly deviations: readonly Deviation[] }>(
  path: string,
  otherwise: Result,
  merge: () => Result,
): Result {
  try {
    return merge();
  } catch (error) {
    if (!(error instanceof MergeRefused)) throw error;
    return { ...otherwise, deviations: [{ path, line: 1, what: error.message, byHand: '' }] };
  }
}

/** What the application's repository lacks, and the files as they should be. Nothing is written here. */
export function planPipeline(folder: string, { archive, replaceJob = false, site }: PlanOptions): Plan {
  const manifest = read(folder, 'package.json');
  if (!manifest) throw new Error(`${folder} has no package.json: give the root of the application's repository.`);
  const manifestText = decode(manifest);
  const manager = packageManagerOf(folder, readManifest(manifestText));
  const siteFolder = siteFolderOf(folder, site);
  const deviations: Deviation[] = [];
  const changes: FileChange[] = [];
  const want = (path: string, after: string | Buffer) => {
    const before = read(folder, path);
    const bytes = Buffer.from(after);
    if (before?.equals(bytes) !== true) changes.push({ path, before, after: bytes });
  };

  const tomlPath = siteFolder === '' ? 'netlify.toml' : `${siteFolder}/netlify.toml`;
  const toml = read(folder, tomlPath);
  if (!toml) deviations.push({ path: tomlPath, what: 'is missing' });
  // Where none is, Netlify's own settings say how production is built: a file of ours has staging's contexts alone.
  const tomlText = toml ? decode(toml) : '';
  const contexts = planToml(tomlText, tomlPath);
  if (toml) deviations.push(...contexts.deviations);
  want(tomlPath, contexts.after);

  const team = readWorkflows(folder);
  const workflows = planWorkflows(team, { manager, choices: choicesOf(team.files), siteFolder }, replaceJob);
  deviations.push(...workflows.deviations);
  for (const { path, after } of workflows.changes) {
    // What was not read is not known, and so never written over, whatever the plan says.
    if (read(folder, path) && !team.files.some((file) => file.path === path))
      deviations.push({ path, line: 1, what: 'is there, and was not read', byHand: '' });
    else want(path, after);
  }

  const specifier = `file:${archivePath}`;
  const packages = merging('package.json', { deviations: [], after: manifestText }, () =>
    planPackage(manifestText, specifier),
  );
  deviations.push(...packages.deviations);
  want('package.json', packages.after);

  const packed = read(folder, archivePath);
  if (!packed?.equals(archive))
    deviations.push({ path: archivePath, what: `is ${packed ? 'another version' : 'missing'}` });
  if (ignoredByGit(folder, archivePath)) {
    const what = 'is ignored by git, and without it nobody can install the packages';
    deviations.push({ path: '.gitignore', line: 1, what: `${archivePath} ${what}`, byHand: `!/${archivePath}` });
  }
  want(archivePath, archive);
  return { manager, changes, deviations };
}
