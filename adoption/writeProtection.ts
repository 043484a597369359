import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { writeWhole } from '../machine/writeWhole.ts';
import type { Protection } from '../protection/rule.ts';
import { namespace } from '../settings/names/names.ts';

/** The stack's file with the protection's settings written down; comments and order of everything else are kept. */
function withProtection(text: string, protection: Protection): string {
  const document = parseDocument(text);
  const path = ['config', `${namespace}:github`, 'protection'];
  for (const [key, value] of Object.entries(protection)) {
    const isDefault = value === false || value === 'refuse' || (Array.isArray(value) && value.length === 0);
    if (!isDefault || document.hasIn([...path, key])) document.setIn([...path, key], document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** Writes the protection's settings into the stack's file, whole or not at all. */
export function writeProtection(file: string, protection: Protection): void {
  writeWhole(file, withProtection(readFileSync(file, 'utf8'), protection));
}
