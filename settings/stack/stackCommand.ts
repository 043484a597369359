import { defaultStack, inStack } from './stackFile.ts';

/** This project's own commands that act on no stack: they take no `--stack`. */
export const withoutStack: ReadonlySet<string> = new Set([
  'alert:slack',
  'bench',
  'check',
  'docs:commands',
  'docs:pictures',
  'docs:policies',
  'docs:settings',
  'format',
  'format:check',
  'hooks',
  'lint',
  'lint:workflows',
  'pipeline',
  'preview:comment',
  'preview:smoke',
  'sandbox',
  'scan',
  'schema:github',
  'schema:settings',
  'test',
  'test:quick',
  'toolchain',
  'types',
  'unused',
]);

let acting = defaultStack;

/** Names the stack that this process acts on: the one of `--stack`, or the one that the engine runs. */
export function actOn(stack: string): void {
  acting = stack;
}

/**
 * A command line as people have to type it to reach the stack that this process acts on: `npm run adopt` as
 * `npm run adopt -- --stack qa`, `pulumi up` as `pulumi up --stack qa`. Each part of `A && B`, and what stands before a `#`.
 * As given for the stack that is taken without the flag, and for a command that acts on none. Every command that a message
 * names goes through here; test/settings/printedCommands.test.ts finds one that does not.
 */
export function forStack(line: string, stack: string = acting): string {
  const flag = inStack(stack);
  if (flag === '') return line;
  return line
    .split(' && ')
    .map((command) => addressed(command, flag))
    .join(' && ');
}

function addressed(given: string, flag: string): string {
  const [command = '', ...comment] = given.split(/(?= +# )/);
  const words = command.split(' ');
  // What a shell sets for one command stands before it (`NAME=value pulumi up`), and what feeds it (`openssl … | pulumi …`).
  const start = Math.max(words.lastIndexOf('|') + 1, 0);
  const [program, , script = ''] = words.slice(words.findIndex((word, at) => at >= start && !/^[A-Z_]+=/.test(word)));
  const isOwn = program === 'npm' && !withoutStack.has(script);
  if ((program !== 'pulumi' && !isOwn) || words.some((word) => /^--stack(?:=|$)/.test(word))) return given;
  const end = isOwn && !words.includes('--') ? ' --' : '';
  return `${command}${end}${flag}${comment.join('')}`;
}
