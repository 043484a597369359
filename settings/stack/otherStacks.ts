import { existsSync, readdirSync } from 'node:fs';
import { placeRules } from '../../places/places.ts';
import { isSiteId } from '../names/netlifyNames.ts';
import { fileSettings, fileValue } from './file.ts';
import type { Settings } from '../settings.ts';
import { stackFile, stackFolder } from './stackFile.ts';

/** A stack's settings, and the owner of its repository where its file names one. */
export interface DeclaringStack {
  readonly settings: Settings;
  readonly owner: string | undefined;
}

/** Another stack of the same folder, by its file. */
export interface OtherStack extends DeclaringStack {
  readonly file: string;
}

/** The other stacks whose files stand beside Pulumi.yaml, and why each of the rest could not be read. */
export function otherStacks(
  root: string,
  stack: string,
): { readonly others: readonly OtherStack[]; readonly unread: readonly string[] } {
  const own = stackFile(stack);
  const folder = stackFolder(root);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name !== own) : [];
  const [others, unread]: [OtherStack[], string[]] = [[], []];
  for (const file of files) {
    const [, name] = /^Pulumi\.(.+)\.yaml$/.exec(file) ?? [];
    if (name === undefined) continue;
    try {
      // By its own file alone: neither the chosen one nor an owner in the environment is the other stack's.
      others.push({ file, settings: fileSettings(root, name, {}), owner: fileValue(root, 'github:owner', name, {}) });
    } catch (error) {
      unread.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { others, unread };
}

/**
 * What this stack declares though another one does, each with the reason and the fix. A key on Netlify has one owner: its
 * provider writes the values of all contexts at once. Two stacks with one value would each take the other's for drift.
 */
export function declaredTwice(own: DeclaringStack, others: readonly OtherStack[]): string[] {
  return others.flatMap((other) => [...onNetlify(own, other), ...inPlaces(own, other), ...rules(own, other)]);
}

function onNetlify({ settings: { netlify } }: DeclaringStack, other: OtherStack): string[] {
  const sites = [netlify.site, other.settings.netlify.site] as const;
  // A name and an id may be of one site, which only Netlify knows: both stacks would write its keys whole.
  const mayBeSame = isSiteId(sites[0]) !== isSiteId(sites[1]);
  if (!mayBeSame && !isSame(...sites)) return [];
  const where = mayBeSame ? 'what may be the same site (one file has its id, the other a name)' : 'the same site';
  const first = mayBeSame ? 'If it is another site, name the site by its id in both files; else leave' : 'Leave';
  const theirs = new Set(other.settings.netlify.variables.map(({ name }) => name));
  return netlify.variables
    .filter(({ name }) => theirs.has(name))
    .map(
      ({ name }) =>
        `${name} (netlify): ${other.file} declares it on ${where}, and Netlify’s provider writes a key whole, with every ` +
        `context: each stack would take the other’s values away. ${first} it to one stack, give it another name here, or ` +
        'give this environment a site of its own (allincompassing:netlify.site, mode separate-site)',
    );
}

function inPlaces(own: DeclaringStack, other: OtherStack): string[] {
  const same = { repository: hasSameRepository(own, other), project: hasSameProject(own, other) };
  const theirs = new Set(other.settings.placements.map(identityOf));
  return own.settings.placements
    .filter(({ place }) => (place === 'edgeFunction' ? same.project : place !== 'localFile' && same.repository))
    .filter((each) => theirs.has(identityOf(each)))
    .map(
      ({ place, name, environment }) =>
        `${name} (${place}${environment === undefined ? '' : ` of the environment ${environment}`}): ${other.file} declares it ` +
        'in the same place, and each stack would write over the other’s. Leave it to one stack, or give it another name ' +
        `or ${place === 'edgeFunction' ? 'project' : 'environment'} here${place === 'edgeFunction' ? '' : ownerAdvice(own, other)}`,
    );
}

function rules(own: DeclaringStack, other: OtherStack): string[] {
  const { branch } = own.settings.github.protection;
  return hasSameRepository(own, other) && branch === other.settings.github.protection.branch
    ? [
        `allincompassing:github.protection.branch: ${other.file} declares the rule of ${branch} already. Name this environment’s own branch${ownerAdvice(own, other)}`,
      ]
    : [];
}

function identityOf({ place, name, environment }: Settings['placements'][number]): string {
  return JSON.stringify([place, placeRules[place].identity(name), environment?.toLowerCase() ?? null]);
}

/** An owner that a file does not name (`GITHUB_OWNER` has it) may be any. */
function hasSameRepository(own: DeclaringStack, other: DeclaringStack): boolean {
  const isSameOwner = own.owner === undefined || other.owner === undefined || isSame(own.owner, other.owner);
  return isSameOwner && isSame(own.settings.github.repository, other.settings.github.repository);
}

function ownerAdvice(own: DeclaringStack, other: DeclaringStack): string {
  return own.owner !== undefined && other.owner !== undefined
    ? ''
    : '. If the repository is another owner’s, name the owner in both files (github:owner)';
}

function hasSameProject({ settings }: DeclaringStack, other: DeclaringStack): boolean {
  return settings.supabase.project === other.settings.supabase.project;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
