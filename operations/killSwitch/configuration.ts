import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { writeWhole } from '../../machine/writeWhole.ts';
import { namespace } from '../../settings/settings.ts';
import { emergencyVariable } from '../../settings/names.ts';

const path = ['config', `${namespace}:netlify`, 'variables', emergencyVariable];

/** The stack's configuration file that `pulumi` reads: its own option, as its CLI takes it, or the one of the stack. */
export function configurationFile(root: string, stack: string, env: NodeJS.ProcessEnv = process.env): string {
  const given = env.PULUMI_OPTION_CONFIG_FILE;
  return given === undefined || given === '' ? join(root, `Pulumi.${stack}.yaml`) : given;
}

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
  } else {
    document.setIn(path, document.createNode({ value }));
  }
  const variables = document.getIn(path.slice(0, -1));
  if (isMap(variables)) {
    const pair = variables.items.find(({ key }) => String(key) === emergencyVariable);
    if (pair) {
      const key = document.createNode(emergencyVariable);
      key.commentBefore = ` ${note.replaceAll(/\s+/g, ' ')}`;
      pair.key = key;
    }
  }
  writeWhole(file, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}
