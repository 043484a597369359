import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment, type Report } from '../../toolchain/toolchain.ts';

/** A program of one component: what the packs add to its preview is their own cost. */
function writeProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'program', version: '1.0.0', main: 'index.cjs' }));
  writeFileSync(
    join(folder, 'Pulumi.yaml'),
    'name: program\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
  );
  writeFileSync(
    join(folder, 'index.cjs'),
    "const pulumi = require('@pulumi/pulumi');\nnew pulumi.ComponentResource('bench:index:One', 'one', { branch: 'develop' });\n",
  );
}

/** Seconds of a preview with both packs and without, in turn. */
export async function measurePacks(
  folder: string,
  rounds: number,
  report: Report,
): Promise<{ readonly without: number[]; readonly both: number[] }> {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report });
  const program = join(folder, 'program');
  writeProgram(program);
  mkdirSync(join(folder, 'state'));
  const env = {
    ...toolchainEnvironment(toolchain),
    PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'bench',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PWD: program,
  };
  const pulumi = (args: readonly string[]): number => {
    const begin = performance.now();
    const { status, stdout, stderr } = spawnSync('pulumi', [...args, '--non-interactive'], {
      cwd: program,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`pulumi ${args.join(' ')}:\n${stdout}${stderr}`);
    return (performance.now() - begin) / 1000;
  };
  const packs = ['secrets', 'staging'].flatMap((pack) => ['--policy-pack', join(projectRoot(), 'policies', pack)]);
  pulumi(['stack', 'init', 'dev']);
  pulumi(['preview', ...packs]); // bundles
  const result = { without: [] as number[], both: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    result.without.push(pulumi(['preview']));
    result.both.push(pulumi(['preview', ...packs]));
  }
  return result;
}
