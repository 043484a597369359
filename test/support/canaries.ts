import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { valueSearch, type KnownValue } from '../../detection/text/valueSearch.ts';
import type { Project } from './project.ts';

/**
 * Public by nature, so that they may stand in outputs, URLs and resource names: the site's id is an output and part of
 * each resource's id; the address of the Supabase project is in every browser bundle.
 */
const publicLabels = new Set(['url', 'production_url', 'netlify_site_id']);

/** The credentials of the run itself. */
const credentials = ['NETLIFY_API_TOKEN', 'GITHUB_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN', 'PULUMI_CONFIG_PASSPHRASE'];

/** Every value of the vault as it is now, each by its label, and its digest; and the credentials of the run itself. */
export function canaryValues({ sandbox, environment }: Project): KnownValue[] {
  const { vault } = sandbox.standIns().onepassword;
  const values = vault
    .list()
    .filter(({ label }) => !publicLabels.has(label))
    .map(({ label }): KnownValue => {
      const value = vault.read(label);
      return { name: label, reveal: () => value };
    });
  // The digest of what can be guessed gives the value.
  const digests = values.map((known): KnownValue => {
    const digest = createHash('sha256').update(known.reveal()).digest('hex');
    return { name: `digest of ${known.name}`, reveal: () => digest };
  });
  return [...values, ...digests, ...credentials.map((name) => ({ name, reveal: () => environment[name] ?? '' }))];
}

/** Every value that a declared key has on Netlify now, by hand or not, but for what everybody may read. */
export function liveValues(project: Project, keys: readonly string[]): KnownValue[] {
  return project
    .netlify()
    .filter(({ key, value }) => keys.includes(key) && value.length >= 8 && !value.startsWith('https://'))
    .map(({ key, value }) => ({ name: `${key} on Netlify`, reveal: () => value }));
}

/** Finds these values in a text, in any spelling; yields their names, never the values. */
export function canarySearch(values: readonly KnownValue[]): (text: string) => string[] {
  const find = valueSearch(values);
  return (text) => [...new Set(find(text).map(({ name }) => name))].sort();
}

/** The files below a folder that hold a value, each with the values' names. */
export function filesWith(find: (text: string) => string[], folder: string, skip: readonly string[] = []): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !skip.some((each) => file.startsWith(each)))
    .flatMap((file) => {
      const names = find(readFileSync(file, 'latin1'));
      return names.length > 0 ? [`${file.slice(folder.length)}: ${names.join(', ')}`] : [];
    });
}
