import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, json, stack } from '../../cli/options.ts';
import { printer } from '../../cli/printer.ts';
import { program } from '../../cli/program.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { columns } from '../../machine/columns.ts';
import { painter } from '../../machine/paint.ts';
import { diagnose, type Diagnosis } from './checks.ts';
import { tokens } from './tokens.ts';

const about = `
Checks that each token is there, works, and has no more rights than it needs where the service says so, and that exactly
one path deploys staging. It changes nothing, and prints no value.

A service that is down, does not answer or is asked too often leaves its token unknown: do not rotate it, run this again.
`;

const colour = { fine: 'green', warning: 'yellow', unknown: 'yellow', missing: 'red', broken: 'red' } as const;

export const command = program(
  define('doctor', about)
    .addOption(flag('--tokens', 'the table of tokens instead: what each can do, who holds it, how to rotate it'))
    .addOption(json)
    .addOption(stack)
    .action(
      ends(async (options) => {
        const print = printer(options);
        if (options.tokens) {
          print(tokens().map(tokenText).join(''), tokens());
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

function tokenText({ name, can, holder, ends: end, rotate }: ReturnType<typeof tokens>[number]): string {
  return `${name}\n  can     ${can}\n  holder  ${holder}\n  ends    ${end}\n  rotate  ${rotate}\n`;
}

function lines(found: readonly Diagnosis[]): string[] {
  const paint = painter();
  return columns(
    found.map(({ name, state, detail }) => [paint(colour[state], state), name, detail.split('\n').join('\n  ')]),
  );
}
