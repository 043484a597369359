import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import { gitStatus } from '../files/git.ts';
import { writeWhole } from '../machine/writeWhole.ts';
import { emergencyVariable, namespace } from '../settings/names/names.ts';

// Its callers find here the file that they change.
export { configurationFile } from '../settings/stack/file.ts';

const path = ['config', `${namespace}:values`, emergencyVariable];

/** What the configuration declares for the emergency variable; `undefined` when it does not. */
export function declaredValue(file: string): string | undefined {
  const value = parseDocument(readFileSync(file, 'utf8')).getIn([...path, 'value']);
  return typeof value === 'string' ? value : undefined;
}

/**
 * Gives the emergency variable's declaration this value, with who did it and when above it, and leaves everything else
 * in the file as it is, its other contexts and scopes included. The file is replaced whole: a kill half way leaves the old one.
 */
export function declareValue(file: string, value: 'true' | 'false', note: string): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  if (isMap(document.getIn(path))) {
    document.setIn([...path, 'value'], value);
    document.deleteIn([...path, 'from']);
    if (!document.hasIn([...path, 'netlify'])) document.setIn([...path, 'netlify'], true);
  } else {
    document.setIn(path, document.createNode({ value, netlify: true }));
  }
  annotate(document, note.replaceAll(/\s+/g, ' '));
  writeWhole(file, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** A declaration of the emergency variable that {@link declareValue} wrote. */
export interface WrittenDeclaration {
  readonly declaration: unknown;
  /** Who wrote it, when and why. */
  readonly note: string;
}

/** What {@link declareValue} wrote into the text of a configuration file; its note distinguishes it from one that a person declared. */
export function writtenDeclaration(text: string): WrittenDeclaration | undefined {
  const document = parseDocument(text, { logLevel: 'error' });
  const values = document.getIn(path.slice(0, -1));
  if (!isMap(values)) return undefined;
  const index = values.items.findIndex(({ key }) => String(key) === emergencyVariable);
  const key = values.items[index]?.key;
  // A note above a map's first key is the map's, when the file is read again.
  const note = (isScalar(key) ? key.commentBefore : undefined) ?? (index === 0 ? values.commentBefore : undefined);
  if (note === undefined || note === null) return undefined;
  const declared = document.getIn(path, true);
  return { declaration: isNode(declared) ? declared.toJS(document) : undefined, note: note.trim() };
}

/** Gives a copy of the file that declaration, with its note; one whose settings are of another form is left as it is. */
export function keepDeclaration(document: Document, { declaration, note }: WrittenDeclaration): void {
  if (!isMap(document.getIn(path.slice(0, -1)))) return;
  document.setIn(path, document.createNode(declaration));
  annotate(document, note);
}

/** Puts the note above the declaration. */
function annotate(document: Document, note: string): void {
  const values = document.getIn(path.slice(0, -1));
  const pair = isMap(values) ? values.items.find(({ key }) => String(key) === emergencyVariable) : undefined;
  if (!pair) return;
  const key = document.createNode(emergencyVariable);
  key.commentBefore = ` ${note}`;
  pair.key = key;
}

/** The command, for a shell, that commits the file; `undefined` when git does not track it: the sandbox's is a copy. */
export function commitCommand(file: string, message: string): string | undefined {
  const tracked = gitStatus(dirname(file), ['ls-files', '--error-unmatch', '--', basename(file)]) === 0;
  return tracked ? `git commit -m "${message}" ${shellWord(file)}` : undefined;
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
