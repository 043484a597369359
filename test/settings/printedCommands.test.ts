import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { commandScripts, definitions } from '../../cli/definitions.ts';
import { loadByNode } from '../support/nodeRequire.ts';
import { withoutStack } from '../../settings/stack/stackCommand.ts';

/** What is no product code, or text for every stack: documents that are made from it, the policy packs' own document. */
const others = new Set(['bench', 'dist', 'docs', 'launch', 'node_modules', 'sandbox', 'sdks', 'test', 'toolchain']);
const everyStacks = [
  /^settings\/(?:schema|document\/.*)\.ts$/,
  /^places\/\w+\/setting\.ts$/,
  /^commands\/documents\//,
  /^cli\/(?:define|document)\.ts$/, // how a command is called, for its help; a script that writes a document
];

/** A command that reaches a stack, in a text: with the name of its script, where it is one of this project's own. */
const commands =
  /\bnpm run (?:--silent )?([a-z][\w:-]*|\$)|\bpulumi (?:up|preview|refresh|destroy|cancel|config (?:set|rm)|state \w+|stack \w+)\b/g;

interface Printed {
  readonly text: string;
  readonly isAddressed: boolean;
  /** Whether it is evaluated when its module is, before anybody has said which stack it is. */
  readonly isEarly: boolean;
}

describe('a command that a message names', () => {
  const files = sources('.').filter((file) => !everyStacks.some((each) => each.test(file)));
  const printed = files.flatMap((file) => printedIn(file, readFileSync(file, 'utf8')));

  it('is found where it stands', () => {
    const text = [
      "const early = forStack('npm run adopt');",
      "const about = 'npm run adopt -- [--stack NAME]';",
      "const option = flag('--again', 'as npm run adopt does');",
      "const late = (key: string) => `Then: ${forStack('pulumi up')}; or npm run recover -- ${key}`;",
      'const scan = "npm run scan";',
    ].join('\n');
    expect(printedIn('example.ts', text)).toEqual([
      { text: 'example.ts: npm run adopt', isAddressed: true, isEarly: true },
      { text: 'example.ts: npm run recover', isAddressed: false, isEarly: false },
      { text: 'example.ts: pulumi up', isAddressed: true, isEarly: false },
    ]);
  });

  it('reaches the stack that the process acts on: it goes through forStack, or names the stack itself', () => {
    expect(printed.filter(({ isAddressed }) => !isAddressed).map(({ text }) => text)).toEqual([]);
    expect(printed.length).toBeGreaterThan(100);
  });

  it('is put together when it is printed', () => {
    expect(printed.filter(({ isEarly }) => isEarly).map(({ text }) => text)).toEqual([]);
  });

  it('takes --stack, or is one that acts on no stack', async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const defined = await definitions(process.cwd(), loadByNode);
    const taking = commandScripts(process.cwd()).flatMap(({ name, entry, verb }) => {
      const command = defined.get(entry);
      const called = verb === undefined ? command?.verbs : command?.verbs.filter((each) => each.name === verb);
      const options = [command, ...(called ?? [])].flatMap((each) => each?.options ?? []);
      return options.some(({ flags }) => flags === '--stack NAME') ? [name] : [];
    });
    const names = Object.keys(scripts).filter((name) => name !== 'start' && !withoutStack.has(name));
    expect(names.sort()).toEqual(taking.sort());
  }, 120_000);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return others.has(entry.name) || entry.name.startsWith('.') ? [] : sources(path);
    return entry.name.endsWith('.ts') ? [relative('.', path)] : [];
  });
}

/** Every command in a file's strings, but for a command's own help. */
function printedIn(file: string, text: string): Printed[] {
  const found: Printed[] = [];
  const visit = (node: ts.Node, isAddressed: boolean, isEarly: boolean): void => {
    if (ts.isVariableDeclaration(node) && ['about', 'more'].includes(node.name.getText())) return;
    if (isDefinition(node)) return;
    const isCall = ts.isCallExpression(node) && node.expression.getText() === 'forStack';
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      const own = ownText(node);
      for (const [command, script] of own.matchAll(commands)) {
        if (script !== undefined && withoutStack.has(script)) continue;
        found.push({ text: `${file}: ${command}`, isAddressed: isAddressed || own.includes('--stack '), isEarly });
      }
    }
    const isLater = ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, isAddressed || isCall, isEarly && !isLater));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), false, true);
  return found.map((each) => (each.isAddressed ? each : { ...each, isEarly: false }));
}

/** Whether it is a text of the help: of a command, a verb or an option. */
function isDefinition(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Option';
  const makers = ['define', 'flag', 'text', 'several', 'number', 'numbers', 'timeout', 'choice'];
  return ts.isCallExpression(node) && makers.includes(node.expression.getText());
}

/** The literal's own words: `$` stands for what is put in. */
function ownText(node: ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression): string {
  return ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('$')
    : node.text;
}
