import { styleText } from 'node:util';
import { exitCode, runCommand } from '../../cli/command.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { diagnose, type Diagnosis } from './checks.ts';
import { tokens } from './tokens.ts';

const help = `
npm run doctor -- [--tokens] [--json] [--stack NAME]

Checks that each token is there, works, and has no more rights than it needs where the service tells, and that exactly
one path deploys staging. It changes nothing, and prints no value.

  --tokens  the table of tokens instead: what each can do, who holds it, how to rotate it

A service that is down, does not answer or is asked too often leaves its token unknown: do not rotate it, run this again.

Exit codes: 0 all fine (warnings included), 1 something is unknown, or it could not run, 2 something is missing or broken.
`;

const colour = { fine: 'green', warning: 'yellow', unknown: 'yellow', missing: 'red', broken: 'red' } as const;

void runCommand({
  help,
  options: {
    tokens: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'staging' },
  },
  async run(values) {
    const print = (text: string, data: unknown) =>
      process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    if (values.tokens) {
      print(
        tokens()
          .map(
            ({ name, can, holder, ends, rotate }) =>
              `${name}\n  can     ${can}\n  holder  ${holder}\n  ends    ${ends}\n  rotate  ${rotate}\n`,
          )
          .join(''),
        tokens(),
      );
      return exitCode.fine;
    }
    const found = await diagnose(openStaging(values.stack));
    print(found.map(line).join(''), found);
    if (found.some(({ state }) => state === 'missing' || state === 'broken')) return exitCode.findings;
    return found.some(({ state }) => state === 'unknown') ? exitCode.error : exitCode.fine;
  },
});

function line({ name, state, detail }: Diagnosis): string {
  return `${styleText(colour[state], state.padEnd(8))} ${name.padEnd(27)} ${detail.split('\n').join('\n  ')}\n`;
}
