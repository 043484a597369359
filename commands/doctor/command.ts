import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, json, stack } from '../../cli/options.ts';
import { printer } from '../../cli/printer.ts';
import { program } from '../../cli/program.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { counted } from '../../machine/counted.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { columns } from '../../machine/columns.ts';
import { painter } from '../../machine/paint.ts';
import { diagnose, type Diagnosis } from './checks.ts';
import { ownedTokens, type OwnedToken } from './tokens.ts';

const about = `
Checks that each token is there, works, and has no more rights than it needs where the service says so, and that exactly
one path deploys staging. It changes nothing, and prints no value.

A service that is down, does not answer or is asked too often leaves its token unknown: do not rotate it, run this again.
`;

const colour = { fine: 'green', warning: 'yellow', unknown: 'yellow', missing: 'red', broken: 'red' } as const;

export const command = program(
  define('doctor', about)
    .addOption(
      flag(
        '--tokens',
        'the table of tokens instead: what each can do, who holds and owns it, how old it is, how to rotate it',
      ),
    )
    .addOption(json)
    .addOption(stack)
    .action(
      ends(async (options) => {
        const print = printer(options);
        if (options.tokens) {
          const listed = ownedTokens(fileSettings(projectRoot(), options.stack), Date.now());
          print(listed.map(tokenText).join(''), listed);
          return exitCode.fine;
        }
        const found = await diagnose(openStaging(options.stack));
        print(`${lines(found).join('\n')}\n`, found);
        if (found.some(({ state }) => state === 'missing' || state === 'broken')) return exitCode.findings;
        return found.some(({ state }) => state === 'unknown') ? exitCode.error : exitCode.fine;
      }),
    ),
  {
    more: 'Exit codes: 0 all fine (warnings included), 1 something is unknown, or it could not run, 2 something is missing or broken.',
  },
);

function tokenText({ name, owner, since, days, ...facts }: OwnedToken): string {
  const owned =
    owner === undefined
      ? `not recorded: set tokens.${name} in the stack’s file, with owner and since`
      : `${owner}, since ${since ?? ''} (${counted(days ?? 0, 'day')})`;
  const { can, holder, ends: end, rotate } = facts;
  const rows = { can, holder, owner: owned, ends: end, rotate };
  const shown = Object.entries(rows).filter(([, text]) => text !== undefined);
  return `${name}\n${shown.map(([row, text]) => `  ${row.padEnd(8)}${text}\n`).join('')}`;
}

function lines(found: readonly Diagnosis[]): string[] {
  const paint = painter();
  return columns(
    found.map(({ name, state, detail }) => [paint(colour[state], state), name, detail.split('\n').join('\n  ')]),
  );
}
