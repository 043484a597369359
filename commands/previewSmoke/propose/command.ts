import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from '../../../cli/errors.ts';
import { configFile, ConfigProblem } from '../config.ts';
import { proposal } from './propose.ts';

/** Proposes the configuration of the application at `root`: prints it, and with `write` writes it where there is none. */
export function proposeConfig(root: string, write: boolean): number {
  if (!existsSync(join(root, 'package.json'))) {
    throw new ConfigProblem(`${root} is no application: it has no package.json. Name its root: --init PATH`);
  }
  const { config, found, assumed } = proposal(root);
  const text = `${JSON.stringify(config, undefined, 2)}\n`;
  process.stderr.write(
    `Found in the sources: ${found.join(', ') || 'nothing'}. Defaults, to be checked: ${assumed.join(', ')}.\n`,
  );
  process.stdout.write(text);
  const file = join(root, configFile);
  if (!write) process.stderr.write(`To write it to ${file}, where none is: add --yes.\n`);
  else if (existsSync(file)) throw new ConfigProblem(`${file} is there already: change it by hand.`);
  else writeFileSync(file, text);
  return exitCode.fine;
}
