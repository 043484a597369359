import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment, type Toolchain } from '../../toolchain/toolchain.ts';

const here = process.cwd();
let toolchain: Toolchain;
let base: string;

/** Sets up the toolchain and a backend; to be called before the first preview. */
export async function startPreviews(): Promise<void> {
  toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  base = mkdtempSync(join(tmpdir(), 'policies-engine-'));
  mkdirSync(join(base, 'state'));
}

/** Removes every program's folder and the backend. */
export function endPreviews(): void {
  rmSync(base, { recursive: true, force: true });
}

/** How a preview ended. */
export interface Preview {
  readonly code: number | null;
  readonly output: string;
  /** `policy (resource): message`, in the order of the report. */
  readonly violations: readonly string[];
}

/** What a program is given. */
export interface Given {
  readonly packs?: readonly string[];
  readonly config?: Record<string, unknown>;
  readonly files?: Record<string, string>;
  /** Values that must not be printed, beside those that the program makes up. */
  readonly canaries?: readonly string[];
}

let count = 0;

/** Previews one of the programs in a folder of its own; fails when a secret is printed. */
export function preview(
  program: string,
  { packs = ['secrets'], config = {}, files = {}, canaries = [] }: Given = {},
): Preview {
  const folder = join(base, `program${++count}`);
  cpSync('test/policies/programs', folder, { recursive: true });
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'));
  const all = {
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0', main: `${program}.cjs` }),
    'Pulumi.yaml': 'name: app\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
    'Pulumi.dev.yaml': JSON.stringify({ config }),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const secrets = join(base, `secrets${count}`);
  const env = toolchainEnvironment(toolchain, {
    PATH: [join(here, 'node_modules', '.bin'), process.env.PATH].join(':'),
    HOME: process.env.HOME,
    PWD: folder,
    MADE_UP_SECRETS: secrets,
    PULUMI_BACKEND_URL: `file://${join(base, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  });
  const pulumi = (...args: string[]) =>
    spawnSync('pulumi', [...args, '--non-interactive', '--color=never'], { cwd: folder, env, encoding: 'utf8' });
  if (count === 1) pulumi('stack', 'init', 'dev');
  else pulumi('stack', 'select', 'dev');
  const flags = packs.flatMap((pack) => ['--policy-pack', join(here, 'policies', pack)]);
  const { status, stdout, stderr } = pulumi('preview', '--stack', 'dev', ...flags);
  const output = stdout + stderr;
  const madeUp = existsSync(secrets) ? readFileSync(secrets, 'utf8').split('\n').filter(Boolean) : [];
  for (const value of [...madeUp, ...canaries]) expect(output.includes(value)).toBe(false);
  const entries = output.matchAll(/- \[mandatory\] .*? {2}([a-z-]+) {2}\((.*)\)\n.*\n\s*(.*)/g);
  const violations = [...entries].map(
    ([, policy = '', resource = '', message = '']) => `${policy} (${resource}): ${message}`,
  );
  return { code: status, output, violations };
}
