import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Described } from '../../../cli/bareProgram.ts';
import { commandScripts, definitions } from '../../../cli/definitions.ts';
import { commandsDocument } from '../../../commands/documents/commands/document.ts';
import { loadByNode } from '../../support/nodeRequire.ts';

let defined: ReadonlyMap<string, Described>;
beforeAll(async () => {
  defined = await definitions(process.cwd(), loadByNode);
}, 120_000);

const withVerbs = (command: Described): Described[] => [command, ...command.verbs.flatMap(withVerbs)];

describe('the definitions of the commands', () => {
  it('make docs/commands.md as it is committed', () => {
    expect(commandsDocument([...defined.values()])).toBe(readFileSync('docs/commands.md', 'utf8'));
  });

  it('are called as package.json says', () => {
    const scripts = commandScripts(process.cwd());
    const wrong = scripts.flatMap(({ name, entry, verb }) => {
      const command = defined.get(entry);
      const called = verb === undefined ? command : command?.verbs.find((each) => each.name === verb);
      const typed = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
      return called === undefined || called.typed === typed ? [] : [`${name}: ${called.typed}`];
    });
    expect(wrong).toEqual([]);
  });

  it('say of an option the same arity in every verb, so that a verb can stand behind its options', () => {
    const wrong = [...defined.values()].flatMap((command) => {
      const flags = new Set(withVerbs(command).flatMap(({ options }) => options.map((option) => option.flags)));
      const arity = new Map<string, boolean>();
      return [...flags].filter((each) => {
        const [name = '', value] = each.split(' ');
        const before = arity.get(name);
        arity.set(name, value !== undefined);
        return before !== undefined && before !== (value !== undefined);
      });
    });
    expect(wrong).toEqual([]);
  });
});
