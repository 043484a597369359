import { findNodeAtLocation, parse, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { z } from 'zod';
import { MergeRefused, type Deviation } from './deviation.ts';
import { indentAt, insertAll, lineAt, lineEndOf, type Insertion } from './insertion.ts';
import { sameData } from './sameData.ts';

/** The commands' package, as the application knows it. */
export const packageName = 'allincompassing-staging-commands';

/** Scripts of names of their own, which the deploy job calls. */
const ownScripts: Readonly<Record<string, string>> = {
  'staging:smoke': 'preview-smoke',
  'staging:alert': 'alert-slack',
  'staging:branch:create': 'db-branch create',
};

/** The playbook's names: a team that has one keeps its own. */
const playbookScripts: Readonly<Record<string, string>> = {
  'preview:smoke': 'preview-smoke',
  'alert:slack': 'alert-slack',
  'db:branch:create': 'db-branch create',
};

const Table = z.record(z.string(), z.string());
const Manifest = z.looseObject({
  scripts: Table.optional(),
  dependencies: Table.optional(),
  devDependencies: Table.optional(),
  optionalDependencies: Table.optional(),
});
type Manifest = z.infer<typeof Manifest>;

export interface PackagePlan {
  readonly deviations: readonly Deviation[];
  readonly after: string;
}

const path = 'package.json';
const mark = '\uFEFF';

/** Reads it as npm does: without the byte-order mark. Errors name the line, and never what stands there. */
export function readManifest(text: string): Manifest {
  const json = text.startsWith(mark) ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const content: unknown = parse(json, errors, { disallowComments: true });
  const [error] = errors;
  if (error) throw new Error(`${path}:${lineAt(json, error.offset)} is no JSON. npm cannot read it: mend that first.`);
  const manifest = Manifest.safeParse(content);
  if (manifest.success) return manifest.data;
  const at = manifest.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new Error(`${path}: ${at === '' ? 'it' : at} is not of the shape that npm reads: mend that first.`);
}

/** The second of two keys of one name, in an object that gets members: npm reads the last alone. */
function twice(root: Node): Node | undefined {
  const objects = ['scripts', 'devDependencies'].map((table) => findNodeAtLocation(root, [table]));
  for (const object of [root, ...objects]) {
    const keys = (object?.children ?? []).flatMap(({ children }) => children?.[0] ?? []);
    const second = keys.find((key, index) => keys.findIndex(({ value }) => value === key.value) < index);
    if (second) return second;
  }
  return undefined;
}

/** Whether a script runs a command, whatever stands before it: `cross-env LEVEL=1 alert-slack`. */
const calls = (script: string, command: string): boolean => ` ${script} `.includes(` ${command} `);

interface Addition {
  readonly at: readonly [table: 'scripts' | 'devDependencies', key: string];
  readonly value: string;
}

function additions(
  manifest: Manifest,
  specifier: string,
  deviations: Deviation[],
  line: (at: string[]) => number,
): Addition[] {
  const added: Addition[] = [];
  for (const [name, command] of Object.entries({ ...ownScripts, ...playbookScripts })) {
    const there = manifest.scripts?.[name];
    if (there === undefined) {
      deviations.push({ path, what: `the script ${name} is missing` });
      added.push({ at: ['scripts', name], value: command });
    } else if (name in ownScripts && !calls(there, command)) {
      const byHand = `"${name}": "${command}"`;
      deviations.push({
        path,
        line: line(['scripts', name]),
        what: `the script ${name} does not call ${command}`,
        byHand,
      });
    }
  }
  for (const table of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
    const there = manifest[table]?.[packageName];
    if (there === specifier) return added;
    if (there === undefined) continue;
    const byHand = `"${packageName}": "${specifier}"`;
    deviations.push({
      path,
      line: line([table, packageName]),
      what: `${packageName} is ${there}, not ${specifier}`,
      byHand,
    });
    return added;
  }
  deviations.push({ path, what: `${packageName} is missing` });
  return [...added, { at: ['devDependencies', packageName], value: specifier }];
}

/** Where a key goes: in its place by the alphabet where the keys are so ordered, else ahead of the last, whose line stays. */
function placeOf(keys: readonly string[], key: string): number {
  const ordered = keys.every((one, index) => index === 0 || (keys[index - 1] ?? '') <= one);
  const at = ordered && keys.length > 1 ? keys.findIndex((one) => one > key) : -1;
  return at >= 0 ? at : Math.max(0, keys.length - 1);
}

/** The insertion of `"key": value` in an object, laid out as its other members are. */
function member(text: string, object: Node, key: string, value: string, index: number): Insertion {
  const members = object.children ?? [];
  const next = members[index];
  const pair = `${JSON.stringify(key)}: ${value}`;
  if (!next) return { offset: object.offset + 1, text: ` ${pair} ` };
  const before = members[index - 1];
  const from = before ? text.indexOf(',', before.offset + before.length) + 1 : object.offset + 1;
  return { offset: next.offset, text: `${pair},${text.slice(from, next.offset)}` };
}

const keysOf = (object: Node): string[] => (object.children ?? []).map(({ children }) => String(children?.[0]?.value));

/** The members of a table, one a line. */
function tableText(text: string, indent: string, members: readonly Addition[]): string {
  const eol = lineEndOf(text);
  const lines = members.map(
    ({ at: [, key], value }) => `${indent}${indent}${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{${eol}${lines.join(`,${eol}`)}${eol}${indent}}`;
}

/** A table that is not there yet, with its members, beside the one that it belongs to. */
function newTable(text: string, root: Node, table: string, members: readonly Addition[]): Insertion {
  const indent = indentAt(text, root.children?.[0]?.offset ?? 0) || '  ';
  const value = tableText(text, indent, members);
  const keys = keysOf(root);
  const beside = keys.indexOf('dependencies') + 1;
  const index =
    table === 'devDependencies' && beside > 0 && beside < keys.length ? beside : Math.max(0, keys.length - 1);
  return member(text, root, table, value, index);
}

/** What package.json lacks, and its text with it: every key, and every byte of a line that stays, is as it was. */
export function planPackage(text: string, specifier: string): PackagePlan {
  const bom = text.startsWith(mark) ? mark : '';
  const before = text.slice(bom.length);
  const manifest = readManifest(before);
  const root = parseTree(before);
  if (root?.type !== 'object') throw new Error('package.json is no object.');
  const repeated = twice(root);
  if (repeated) {
    const what = `the key ${String(repeated.value)} is there twice, and npm reads the last alone`;
    const byHand = `One ${JSON.stringify(repeated.value)} with what shall be read. Then run apply again.`;
    return { deviations: [{ path, line: lineAt(before, repeated.offset), what, byHand }], after: text };
  }
  const deviations: Deviation[] = [];
  const line = (at: string[]) => lineAt(before, findNodeAtLocation(root, at)?.offset ?? 0);
  const added = additions(manifest, specifier, deviations, line);
  const expected = structuredClone(manifest);
  const insertions: Insertion[] = [];
  const fresh: string[] = [];
  for (const table of ['scripts', 'devDependencies'] as const) {
    const members = added.filter(({ at }) => at[0] === table);
    if (members.length === 0) continue;
    const object = findNodeAtLocation(root, [table]);
    if (object?.type === 'object' && (object.children ?? []).length > 0)
      for (const {
        at: [, key],
        value,
      } of members)
        insertions.push(member(before, object, key, JSON.stringify(value), placeOf(keysOf(object), key)));
    else if (object) {
      const pairs = members.map(({ at: [, key], value }) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
      insertions.push({ offset: object.offset + 1, text: ` ${pairs.join(', ')} ` });
    } else if (keysOf(root).length === 0) fresh.push(`"${table}": ${tableText(before, '  ', members)}`);
    else insertions.push(newTable(before, root, table, members));
    expected[table] = {
      ...expected[table],
      ...Object.fromEntries(members.map(({ at: [, key], value }) => [key, value])),
    };
  }
  const eol = lineEndOf(before);
  if (fresh.length > 0) insertions.push({ offset: root.offset + 1, text: `${eol}  ${fresh.join(`,${eol}  `)}${eol}` });
  const after = insertAll(before, insertions);
  if (!sameData(readManifest(after), expected)) throw new MergeRefused('the result would say something else');
  return { deviations, after: bom + after };
}
