import { posix } from 'node:path';
import { codeAcceptances, lineAcceptances, tomlAcceptances, yamlAcceptances } from './acceptances.ts';
import { Flow } from './code/flow.ts';
import { keyUses } from './code/keyUses.ts';
import { Project } from './code/project.ts';
import { codeReads, type CodeRead } from './code/reads.ts';
import { ReplacedNames } from './code/replaced.ts';
import { Values } from './code/values.ts';
import { aliasesOf, hasDefault, ReadsByModule } from './fallbacks.ts';
import { exampleFile, isExample } from './files/example.ts';
import { listedFiles, type Files } from './files/listed.ts';
import { bearersIn } from './files/bearers.ts';
import { netlifyFile, supabaseFile, unverifiedFunctions } from './files/netlify.ts';
import { pageReaders } from './files/page.ts';
import { isShell, shellReaders } from './files/shell.ts';
import { isWorkflow, workflowFile, workflowReaders, type WorkflowFile } from './files/workflow.ts';
import { placesOf, placesOfRead } from './places.ts';
import type {
  Acceptance,
  Definition,
  Problem,
  Reader,
  ReaderPlace,
  Readers,
  TokenUseFound,
  UnknownName,
} from './readers.ts';

/** Who reads which value in the application whose sources are below `root`. Runs nothing of it, and needs no access. */
export async function readersOf(root: string): Promise<Readers> {
  return (await look(root)).found;
}

/** The same, and each use of these names' values as a signed token, by code, scripts and workflows. */
export async function readersAndTokenUses(
  root: string,
  names: readonly string[],
): Promise<Readers & { readonly tokenUses: readonly TokenUseFound[] }> {
  const { found, files, reads, places, values, flow } = await look(root);
  const unverified = files.all
    .filter((file) => file.endsWith('supabase/config.toml'))
    .flatMap((file) => unverifiedFunctions(file, files.text(file) ?? ''));
  const servers: ReadonlySet<ReaderPlace> = new Set(['netlifyFunction', 'edgeFunction', 'script']);
  const ofCode = keyUses(
    reads.filter(({ name }) => names.includes(name)),
    {
      ...{ flow, values },
      isServers(module) {
        const all = [...(places.get(module) ?? [])].filter((place) => place !== 'test');
        return all.length > 0 && all.every((place) => servers.has(place));
      },
      isVerified: (name) => !unverified.includes(name),
    },
  ).map(({ read, use, node, module, called }): TokenUseFound => {
    const [place = 'unused'] = placesOfRead(places.get(module), read.means);
    return {
      ...{ name: read.name, place, use, file: module.file, ...module.place(node.start) },
      ...(called !== undefined && { called }),
    };
  });
  return { ...found, tokenUses: ordered([...ofCode, ...bearersIn(found.readers, names, files)]) };
}

async function look(root: string) {
  const files = listedFiles(root);
  const settings = settingsFiles(files);
  const project = await Project.of(files);
  const values = new Values(project);
  const flow = new Flow(project, values);
  const { reads, open } = codeReads(project, values, flow);
  const commands = settings.workflows.flatMap((workflow) => workflow.commands);
  const places = placesOf({ files, project, commands, netlify: settings.netlify });
  const replaced = new ReplacedNames(project);

  const byModule = new ReadsByModule(reads);
  const ofCode = reads.flatMap((read) => {
    const { name, module, node, site, means } = read;
    const aliases = aliasesOf(read, byModule);
    const fallback = aliases.length > 0 ? 'alias' : hasDefault(read, byModule, values) ? 'default' : undefined;
    return placesOfRead(places.get(module), means)
      .filter((place) => place !== 'build' || !replaced.has(name, means, module))
      .map((place): Reader => ({
        ...{ name, place, means, file: module.file, ...module.place(node.start) },
        ...(isElsewhere(read) && { via: `${site.module.file}:${site.module.place(site.node.start).line}` }),
        ...(fallback !== undefined && { fallback }),
        ...(aliases.length > 0 && { aliases }),
      }));
  });
  const unknown = open.flatMap(({ module, node, means, whole }): UnknownName[] =>
    placesOfRead(places.get(module), means).map((place) => ({
      place,
      means,
      whole,
      file: module.file,
      ...module.place(node.start),
    })),
  );
  const problems = [...project.modules.values()].flatMap((module): Problem[] => {
    const problem = module.isParsed ? module.outline.problem : undefined;
    return problem ? [{ file: module.file, ...module.place(problem.at), message: problem.message }] : [];
  });
  const found: Readers = {
    readers: ordered([...ofCode, ...settings.readers]),
    definitions: settings.definitions,
    unknown: ordered([...unknown, ...settings.workflows.flatMap((workflow) => workflow.unknown)]),
    problems: [...settings.problems, ...problems],
    acceptances: [...settings.acceptances, ...[...project.modules.values()].flatMap(codeAcceptances)],
    files: files.all.length,
  };
  return { found, files, reads, places, values, flow };
}

/** Whether a helper reads the environment somewhere else than where the name is given. */
function isElsewhere({ node, module, site }: CodeRead): boolean {
  return site.module !== module || site.node.start < node.start || site.node.end > node.end;
}

interface SettingsFiles {
  readonly readers: readonly Reader[];
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
  readonly acceptances: readonly Acceptance[];
  readonly workflows: readonly WorkflowFile[];
  readonly netlify: Parameters<typeof placesOf>[0]['netlify'];
}

/** What the files say that are no code. */
function settingsFiles(files: Files): SettingsFiles {
  const problems: Problem[] = [];
  const definitions: Definition[] = [];
  const readers: Reader[] = [];
  const workflows: WorkflowFile[] = [];
  const acceptances: Acceptance[] = [];
  const netlify: SettingsFiles['netlify'][number][] = [];
  for (const file of files.all) {
    const name = posix.basename(file);
    if (isShell(file) || name === 'package.json') readers.push(...shellReaders(file, files.text(file) ?? ''));
    if (file.endsWith('.html')) readers.push(...pageReaders(file, files.text(file) ?? ''));
    const isSupabase = name === 'config.toml' && posix.basename(posix.dirname(file)) === 'supabase';
    if (!isWorkflow(file) && name !== 'netlify.toml' && !isSupabase && !isExample(file)) continue;
    const text = files.text(file) ?? '';
    if (isWorkflow(file)) {
      const found = workflowFile(file, text);
      if ('message' in found) problems.push(found);
      else workflows.push(found);
      acceptances.push(...yamlAcceptances(file, text));
    } else if (isExample(file)) {
      definitions.push(...exampleFile(file, text));
      acceptances.push(...lineAcceptances(file, text));
    } else {
      const found = isSupabase ? supabaseFile(file, text) : netlifyFile(file, text);
      if ('message' in found) {
        problems.push(found);
        continue;
      }
      if ('functions' in found) netlify.push({ ...found, folder: posix.dirname(file) });
      readers.push(...('readers' in found ? found.readers : found));
      acceptances.push(...tomlAcceptances(file, text));
    }
  }
  readers.push(...workflowReaders(workflows));
  definitions.push(...netlify.flatMap((each) => each.definitions), ...workflows.flatMap((each) => each.definitions));
  return { problems, definitions, readers, workflows, netlify, acceptances };
}

function ordered<Row extends { readonly file: string; readonly line: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}
