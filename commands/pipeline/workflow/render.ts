import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, isMap, isScalar, parseDocument, visit, YAMLMap, type Pair } from 'yaml';
import { projectRoot } from '../../../settings/stack/projectRoot.ts';
import type { PackageManager } from '../packageManager.ts';
import { tableOf } from '../../../workflows/content.ts';
import { branch, pairOf } from './file.ts';
import type { TeamChoices } from './team.ts';

/** What the template's text depends on. */
export interface Surroundings {
  readonly manager: PackageManager;
  readonly choices: TeamChoices;
  /** The folder of the package whose netlify.toml the site has, from the root; empty for the root. */
  readonly siteFolder: string;
}

/** A document as text of an indentation, each line as long as it is. */
export function indented(document: Document, { key, step }: { readonly key: string; readonly step: number }): string {
  const text = document.toString({ indent: step, lineWidth: 0, flowCollectionPadding: false });
  return text
    .split('\n')
    .map((line) => (line === '' ? line : key + line))
    .join('\n');
}

/** npm's commands of a script, as another package manager has them. */
function commands(script: string, { name, install, run, separator }: PackageManager): string {
  if (name === 'npm') return script;
  return script
    .split('\n')
    .map((line) => {
      const found = /^(.*?)npm run (\S+)( --)?(.*)$/.exec(line);
      const own = found
        ? `${found[1] ?? ''}${run} ${found[2] ?? ''}${found[3] ? separator : ''}${found[4] ?? ''}`
        : line;
      return own.replace('npm ci --ignore-scripts', install).replace('npm ci', install);
    })
    .join('\n');
}

/** The template with the application's package manager, Node, pins and folder. */
function template({ manager, choices, siteFolder }: Surroundings): Document.Parsed {
  const document = parseDocument(readFileSync(join(projectRoot(), 'pipeline', 'template', 'ci.yml'), 'utf8'));
  visit(document, {
    Map(_, step) {
      const uses = pairOf(step, 'uses')?.value;
      if (isScalar(uses) && typeof uses.value === 'string') {
        const [name = ''] = uses.value.split('@');
        const pin = choices.pins.get(name.split('/').slice(0, 2).join('/'));
        if (pin) {
          uses.value = `${name}@${pin.ref}`;
          uses.comment = pin.comment ?? null;
        }
        const inputs = pairOf(step, 'with')?.value;
        if (name === 'actions/setup-node' && isMap(inputs)) {
          inputs.set('node-version', choices.node);
          // The cache wants the manager on the runner before it is set up.
          if (manager.name !== 'npm') inputs.delete('cache');
        }
        return;
      }
      const run = pairOf(step, 'run')?.value;
      const name = pairOf(step, 'name')?.value;
      if (!isScalar(run) || typeof run.value !== 'string' || !isScalar(name)) return;
      run.value = commands(run.value, manager);
      if (name.value === 'Install' && manager.setUp !== undefined)
        run.value = `${manager.setUp}\n${String(run.value)}\n`;
      if (siteFolder !== '' && (name.value === 'Build' || name.value === 'Deploy'))
        step.set('working-directory', siteFolder);
    },
  });
  return document;
}

function jobs(document: Document.Parsed): YAMLMap {
  const found = document.get('jobs', true);
  if (!isMap(found)) throw new Error('The template has no jobs.');
  return found;
}

/** The whole workflow, for a repository that has none. */
export const wholeWorkflow = (surroundings: Surroundings): string => template(surroundings).toString({ lineWidth: 0 });

function withoutBuild(document: Document.Parsed): void {
  jobs(document).delete('build');
  document.deleteIn(['jobs', requiredCheck, 'needs']);
  document.deleteIn(['jobs', requiredCheck, 'if']);
  document.deleteIn(['jobs', requiredCheck, 'steps', 0, 'env', 'BUILD_RESULT']);
}

function say(pair: Pair | undefined, comment: readonly string[], space = false): void {
  if (!isScalar(pair?.key)) return;
  pair.key.spaceBefore = space;
  pair.key.commentBefore = comment.length === 0 ? null : comment.join('\n');
}

/** The job in a workflow of its own, which starts for the branch alone and cancels no deploy. */
export function ownWorkflow(surroundings: Surroundings): string {
  const document = template(surroundings);
  withoutBuild(document);
  document.set('name', 'Staging');
  for (const event of ['push', 'pull_request', 'merge_group']) {
    const filter = new YAMLMap();
    filter.set('branches', document.createNode([branch], { flow: true }));
    document.setIn(['on', event], filter);
  }
  say(pairOf(document.get('on', true), 'pull_request'), [
    ' The required check must report on each pull request into the branch that requires it, whatever it changes: no path',
    ' filter. One that never reports blocks for ever.',
  ]);
  say(pairOf(document.contents, 'permissions'), [], true);
  say(pairOf(document.get('jobs', true), requiredCheck), [
    ` The required check. Staging's address is for pushes to ${branch}; every other event gets a draft of its own.`,
  ]);
  document.setIn(
    ['concurrency', 'group'],
    'staging-${{ github.event_name }}-${{ github.event.pull_request.number || github.ref }}',
  );
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The job alone, for a workflow that has `build`, or for one that has not. */
export function jobText(
  surroundings: Surroundings,
  indent: { readonly key: string; readonly step: number },
  { needsBuild, id = requiredCheck }: { readonly needsBuild: boolean; readonly id?: string },
): { readonly text: string; readonly content: unknown } {
  const document = template(surroundings);
  if (!needsBuild) withoutBuild(document);
  const job = jobs(document).get(requiredCheck, true);
  if (id !== requiredCheck && isMap(job)) job.items.unshift(document.createPair('name', requiredCheck));
  const alone = new Document(new YAMLMap());
  alone.set(id, job);
  const content: unknown = alone.toJS();
  return { text: indented(alone, indent), content: tableOf(content)[id] };
}
