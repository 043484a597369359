import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
import { actionlint } from './actionlint.ts';
import { zizmor } from './zizmor.ts';
import { counted } from '../../machine/counted.ts';

/** zizmor's exit codes for findings, by their severity. */
const zizmorFindings = [11, 12, 13, 14];

function lint(program: string, args: readonly string[], findings: readonly number[]): number {
  const { status } = spawnSync(program, args, {
    env: childEnvironment('local'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return exitCode.fine;
  return status !== null && findings.includes(status) ? exitCode.findings : exitCode.error;
}

const about = `
Lints GitHub workflows: their form with actionlint, which is built once a machine from its Go module, and their safety with
zizmor, which is fetched once from PyPI where Python is installed. Each is held to a checksum.
Without a FILE: this repository's workflows and actions, and the application's template.

Where zizmor is not at hand, the last line says so and why.
`;

export const command = bareProgram(define('lint:workflows', about).argument('[FILE...]').action(ends(lintAll)), {
  more: 'Exit codes: 0 clean, 2 findings, 1 actionlint could not be had (it needs Go), or a linter failed.',
});

function lintAll(files: readonly string[]): number {
  const root = projectRoot();
  const template = join(root, 'pipeline', 'template', 'ci.yml');
  const workflows = join(root, '.github', 'workflows');
  const wanted = files.length > 0 ? files : [...readdirSync(workflows).map((name) => join(workflows, name)), template];
  const form = lint(actionlint(), ['-no-color', ...wanted], [1]);

  const found = zizmor();
  // Offline: what is judged is the files, and no token is asked for. Beside the workflows it reads actions and Dependabot's file.
  const options = ['--offline', '--quiet', '--config', join(root, '.github', 'zizmor.yml')];
  const inputs = files.length > 0 ? files : [join(root, '.github'), template];
  const safety = 'missing' in found ? exitCode.fine : lint(found.program, [...options, ...inputs], zizmorFindings);

  // A file whose form is wrong may be more than zizmor can read: that is then no failure of its own.
  const outcome = form === exitCode.fine ? safety : form;
  const by = 'missing' in found ? `actionlint; zizmor is not at hand: ${found.missing}` : 'actionlint, zizmor';
  if (outcome === exitCode.fine) process.stdout.write(`${counted(wanted.length, 'workflow')}, no finding (${by}).\n`);
  else if ('missing' in found) process.stderr.write(`zizmor is not at hand: ${found.missing}\n`);
  return outcome;
}
