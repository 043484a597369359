import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { define, ends } from '../../../cli/define.ts';
import { exitCode } from '../../../cli/errors.ts';
import { bareProgram } from '../../../cli/bareProgram.ts';
import { git } from '../../../files/git.ts';

const mark = '# Installed by `npm run hooks`.';

/** The hook: no shell script of npm's in between, so that a commit hardly takes longer. */
const hook = `#!/bin/sh
${mark} Stops a commit that contains a secret.
cd "$(git rev-parse --show-toplevel)" || exit 1
node=node_modules/.bin/node
[ -x "$node" ] || node=node
"$node" launch/command.mjs commands/scan/command.ts --staged --no-vault && exit 0
code=$?
if [ "$code" -eq 2 ]; then
  echo 'The commit was stopped by the pre-commit hook: it holds what looks like a secret (above). Nothing was committed.'
  echo 'Take it out (git restore --staged FILE), put it in 1Password and keep its reference. Was it pushed before? Rotate it.'
  echo 'A false alarm: add its line from above to .scan-exceptions, with the reason, and commit that too.'
else
  echo "The commit was stopped by the pre-commit hook: the scan could not run (exit $code, above)."
  echo 'Settle that and commit again. To see it by itself: npm run scan -- --staged'
fi >&2
exit 1
`;

export const command = bareProgram(
  define(
    'hooks',
    "Installs git's pre-commit hook, which scans what is about to be committed for secrets (npm run scan -- --staged). " +
      'Runs again without harm. A pre-commit hook of somebody else is kept, and the line to add to it is printed.',
  ).action(ends(install)),
  { more: 'Exit codes: 0 installed, 1 not installed.' },
);

function install(): number {
  const top = git(process.cwd(), ['rev-parse', '--show-toplevel']).trim();
  const file = resolve(top, git(top, ['rev-parse', '--git-path', 'hooks/pre-commit'], { hooksPath: true }).trim());
  if (existsSync(file) && !readFileSync(file, 'utf8').includes(mark)) {
    throw new Error(
      `${file} exists already and was kept. Add this line to it:\n` +
        `  (cd ${JSON.stringify(top)} && node launch/command.mjs commands/scan/command.ts --staged --no-vault) || exit 1`,
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hook);
  chmodSync(file, 0o755);
  process.stdout.write(`Installed ${file}: every commit is scanned for secrets.\n`);
  return exitCode.fine;
}
