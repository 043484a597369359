import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../settings/projectRoot.ts';
import { contextDifferences, withStagingContexts } from './netlifyToml.ts';
import { packageDifferences, packageName, withCommands } from './packageJson.ts';
import { workflowDifferences, withDeployJob } from './workflow.ts';

/** Where the packed commands lie in the application's repository: it needs no registry of ours. */
export const archivePath = `.staging/${packageName}.tgz`;

/** One file of the application as it is and as it should be. */
export interface FileChange {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer;
}

export interface Plan {
  readonly changes: readonly FileChange[];
  /** What deviates, a line each. */
  readonly deviations: readonly string[];
}

const workflowPath = '.github/workflows/ci.yml';

function read(folder: string, path: string): Buffer | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Another workflow with a job of the same name would report a second check under that name. */
function rivals(folder: string): string[] {
  const workflows = join(folder, '.github', 'workflows');
  if (!existsSync(workflows)) return [];
  return readdirSync(workflows)
    .filter((name) => /\.ya?ml$/.test(name) && name !== 'ci.yml')
    .filter((name) => /^ {2}deploy-staging:/m.test(readFileSync(join(workflows, name), 'utf8')))
    .map((name) => `.github/workflows/${name}: has a job deploy-staging too: two checks of one name`);
}

/** What the application's repository lacks, given the packed commands. */
export function planPipeline(folder: string, archive: Buffer): Plan {
  const manifest = read(folder, 'package.json');
  if (!manifest) throw new Error(`${folder} has no package.json: give the root of the application's repository.`);
  const templates = join(projectRoot(), 'pipeline', 'template');
  const template = readFileSync(join(templates, 'ci.yml'), 'utf8');
  const specifier = `file:${archivePath}`;
  const deviations: string[] = [];
  const changes: FileChange[] = [];
  const want = (path: string, before: Buffer | undefined, after: string | Buffer) => {
    const bytes = Buffer.from(after);
    if (before?.equals(bytes) !== true) changes.push({ path, before, after: bytes });
  };

  const toml = read(folder, 'netlify.toml');
  if (toml) deviations.push(...contextDifferences(toml.toString()));
  else deviations.push('netlify.toml: is missing');
  const tomlText = toml?.toString() ?? readFileSync(join(templates, 'netlify.toml'), 'utf8');
  want('netlify.toml', toml, withStagingContexts(tomlText));

  const workflow = read(folder, workflowPath);
  if (workflow) deviations.push(...workflowDifferences(workflow.toString(), template));
  else deviations.push(`${workflowPath}: is missing`);
  want(workflowPath, workflow, workflow ? withDeployJob(workflow.toString(), template) : template);
  deviations.push(...rivals(folder));

  deviations.push(...packageDifferences(manifest.toString(), specifier));
  want('package.json', manifest, withCommands(manifest.toString(), specifier));

  const packed = read(folder, archivePath);
  if (!packed?.equals(archive)) deviations.push(`${archivePath}: is ${packed ? 'another version' : 'missing'}`);
  want(archivePath, packed, archive);

  const migrations = join(projectRoot(), 'pipeline', 'supabase', 'migrations');
  for (const name of readdirSync(migrations)) {
    const path = `supabase/migrations/${name}`;
    const there = read(folder, path);
    const wanted = readFileSync(join(migrations, name));
    if (!there) deviations.push(`${path}: is missing`);
    else if (!there.equals(wanted)) deviations.push(`${path}: deviates`);
    want(path, there, wanted);
  }
  return { changes, deviations };
}
