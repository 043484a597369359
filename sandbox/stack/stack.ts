import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, parse } from 'yaml';
import { writeWhole } from '../../machine/writeWhole.ts';
import { committedText, isEncrypted, projectName, stackFile } from '../../settings/stack/file.ts';
import { namespace } from '../../settings/settings.ts';
import { type WrittenDeclaration, keepDeclaration, writtenDeclaration } from '../../killSwitch/configuration.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { withLock } from '../../machine/lock.ts';
import type { Toolchain } from '../../toolchain/toolchain.ts';
import type { Control } from '../standIns/control/client.ts';
import { withoutBackendKeys } from './committedFile.ts';
import { sandboxPaths } from '../process/paths.ts';

const stackName = 'staging';
const file = stackFile(stackName);
const fingerprintKey = `${namespace}:fingerprintKey`;

/** The parts of a stack's file that belong to the sandbox's backend and passphrase. */
interface OwnConfiguration {
  readonly encryptionsalt?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Makes the sandbox's stack when there is none, and refreshes the sandbox's copy of the committed configuration.
 * The committed file is only read: salt and secrets of the sandbox are in its copy. What its references name is made up in
 * the sandbox's vault where it is not there: a value that is added to the configuration needs nothing else here.
 */
export async function prepareStack(
  dir: string,
  toolchain: Toolchain,
  environment: Record<string, string>,
  vault: Pick<Control, 'provide'>,
) {
  const paths = sandboxPaths(dir);
  if (!isReady(dir)) {
    await withLock(paths.stackLock, { waiting: () => undefined, interval: 100 }, () => {
      if (!isReady(dir)) createStack(dir, toolchain, environment);
      return Promise.resolve();
    });
  }
  const written = existsSync(paths.configuration)
    ? writtenDeclaration(readFileSync(paths.configuration, 'utf8'))
    : undefined;
  const committed = committedConfiguration();
  writeIfChanged(paths.configuration, sandboxConfiguration(committed, readOwn(dir), written));
  const made = await vault.provide(referencesIn(parse(committed)));
  if (made.length > 0) {
    process.stderr.write(`Made up in the sandbox's vault, which did not have it: ${made.join(', ')}\n`);
  }
}

/** Every text of the configuration that begins as a 1Password reference does. */
function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('op://') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

/** The committed configuration, as text. */
function committedConfiguration(root = projectRoot()): string {
  return committedText(root, stackName);
}

/**
 * The committed configuration with the sandbox's salt and secrets, and with what an emergency wrote down in the sandbox:
 * forgotten, the next `pulumi up` would give the variable up. What another backend has encrypted is left out: nobody here
 * could decrypt it.
 */
export function sandboxConfiguration(committed: string, own: OwnConfiguration, written?: WrittenDeclaration): string {
  const { config, ...rest } = withoutBackendKeys(committed);
  const plain = Object.entries(config ?? {}).filter(([, value]) => !isEncrypted(value));
  const document = new Document({
    ...rest,
    config: { ...Object.fromEntries(plain), [fingerprintKey]: own.config?.[fingerprintKey] },
    encryptionsalt: own.encryptionsalt,
  });
  if (written) keepDeclaration(document, written);
  return document.toString();
}

function isReady(dir: string): boolean {
  const own = readOwn(dir);
  return stackExists(dir) && own.encryptionsalt !== undefined && own.config?.[fingerprintKey] !== undefined;
}

function stackExists(dir: string): boolean {
  return existsSync(
    join(sandboxPaths(dir).pulumiState, '.pulumi', 'stacks', projectName(projectRoot()), `${stackName}.json`),
  );
}

function readOwn(dir: string): OwnConfiguration {
  const own = join(sandboxPaths(dir).stack, file);
  return existsSync(own) ? ((parse(readFileSync(own, 'utf8')) ?? {}) as OwnConfiguration) : {};
}

/**
 * Works in a project of the same name and nothing else: `pulumi stack init` writes its salt next to Pulumi.yaml,
 * whatever --config-file says, and in the repository that would be the committed file.
 */
function createStack(dir: string, toolchain: Toolchain, environment: Record<string, string>): void {
  const { stack } = sandboxPaths(dir);
  mkdirSync(stack, { recursive: true, mode: 0o700 });
  writeFileSync(join(stack, 'Pulumi.yaml'), `name: ${projectName(projectRoot())}\nruntime: nodejs\n`);
  const pulumi = (args: readonly string[], input = '') => {
    const env = { ...environment, PULUMI_OPTION_CONFIG_FILE: join(stack, file) };
    const result = spawnSync(toolchain.pulumi, [...args, '--non-interactive'], {
      cwd: stack,
      env,
      input,
      encoding: 'utf8',
    });
    if (result.status === 0) return;
    const why = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
    throw new Error(`pulumi ${args.slice(0, 2).join(' ')} failed for the sandbox's stack: ${why}`);
  };
  if (!stackExists(dir)) pulumi(['stack', 'init', stackName]);
  // A run that was killed between state and file has lost the salt: Pulumi takes it from the state again.
  pulumi(['config', 'set', '--secret', fingerprintKey], randomBytes(32).toString('base64url'));
}

function writeIfChanged(target: string, text: string): void {
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  writeWhole(target, text, 0o600);
}
