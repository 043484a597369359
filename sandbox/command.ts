import { guardOutput } from '../machine/output.ts';
import { callProblem } from '../cli/command.ts';
import { agent } from './commands/agent.ts';
import { breakIt } from './commands/break.ts';
import { drill } from './commands/drill.ts';
import { exec } from './commands/exec.ts';
import { fault } from './commands/fault.ts';
import { log } from './commands/log.ts';
import { pipeline } from './commands/pipeline.ts';
import { reset } from './commands/reset.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { print, type Subcommand, say, UsageError } from './commands/subcommand.ts';
import { vault } from './commands/vault.ts';
import { sandboxDir } from './process/paths.ts';
import { columns } from '../machine/columns.ts';

/** `npm run sandbox -- SUBCOMMAND`. */
const subcommands: Readonly<Record<string, Subcommand>> = {
  start,
  agent,
  stop,
  status,
  exec,
  drill,
  vault,
  fault,
  log,
  break: breakIt,
  reset,
  pipeline,
};

async function main([name, ...args]: readonly string[]): Promise<number> {
  guardOutput();
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(overview());
    return name === undefined ? 1 : 0;
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) {
    say(`There is no "${name}".\n\n${overview()}`);
    return 1;
  }
  const asksHelp = subcommand.verbatim ? args[0] === '--help' : args.some((arg) => arg === '--help' || arg === '-h');
  if (asksHelp) {
    print(help(name, subcommand));
    return 0;
  }
  try {
    return await subcommand.run(args, sandboxDir());
  } catch (error) {
    const problem = callProblem(error);
    say(problem ?? (error instanceof Error ? error.message : String(error)));
    if (problem !== undefined || error instanceof UsageError) say(`\n${help(name, subcommand)}`);
    else if (error instanceof Error && 'advice' in error) say(String(error.advice));
    return 1;
  }
}

function help(name: string, { usage, summary, details }: Subcommand): string {
  const first = `npm run sandbox -- ${name} ${usage}`.trimEnd();
  return [first, '', `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, ...(details ? ['', details] : [])].join(
    '\n',
  );
}

function overview(): string {
  const lines = columns(
    Object.entries(subcommands).map(([name, { summary }]) => [name, summary]),
    '  ',
  );
  return [
    'npm run sandbox -- SUBCOMMAND',
    '',
    'Stand-ins of 1Password, Netlify, GitHub, Supabase and Slack on this machine, and commands that run against them.',
    '',
    ...lines,
    '',
    'More on each: npm run sandbox -- SUBCOMMAND --help',
  ].join('\n');
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
