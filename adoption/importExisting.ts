import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileValue } from '../settings/stack/file.ts';
import { exportedStack } from '../engine/exportedStack.ts';
import { pulumi } from '../engine/pulumi.ts';
import type { Export, ExportedResource } from '../engine/deployment.ts';
import { memoryFolder, removeLeftovers } from './leftovers.ts';
import type { Adoption } from './existing.ts';

/** The components that hold the adopted resources: logical name, type, and the parent's name. */
const components = [
  ['staging', 'StagingEnvironment', undefined],
  ['netlify', 'NetlifyContext', 'staging'],
  ['github', 'PlacedValues', 'staging'],
  ['supabase', 'PlacedValues', 'staging'],
  ['required-check', 'RequiredDeployCheck', 'staging'],
] as const;

/**
 * Reads what is there by `pulumi import`, without a write to any service, and yields the resources' states.
 * Pulumi stores imported plain values unencrypted, so this happens in a state of its own, in memory where the system
 * has a memory file system, which is gone afterwards; the caller marks the values before they reach the stack, and is
 * `interruptible`: a signal has to end this process by `exit`, which takes that state away.
 */
export async function importExisting(
  root: string,
  stack: string,
  adoptions: readonly Adoption[],
): Promise<readonly ExportedResource[]> {
  removeLeftovers();
  // For this user only: every file that this process or Pulumi makes in here, not the folder alone.
  const mask = process.umask(0o077);
  const folder = mkdtempSync(join(memoryFolder(), `adopt-${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const env = {
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString('hex'),
      PULUMI_STACK: stack,
    };
    // A project of its own for `stack init`, which writes the state's salt into the stack's file.
    const project = join(folder, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'Pulumi.yaml'), readFileSync(join(root, 'Pulumi.yaml')));
    await pulumi(['stack', 'init', stack, '--secrets-provider', 'passphrase'], { cwd: project, env });
    const file = join(project, `Pulumi.${stack}.yaml`);
    const owner = fileValue(root, 'github:owner', stack);
    if (owner !== undefined) appendFileSync(file, `config:\n  github:owner: ${owner}\n`);
    const list = join(project, 'import.json');
    writeFileSync(list, JSON.stringify({ resources: entries(adoptions) }));
    const options = [
      '--stack',
      stack,
      '--config-file',
      file,
      '--protect=false',
      '--generate-code=false',
      '--skip-preview',
      '--yes',
    ];
    await pulumi(['import', '--file', list, ...options], { cwd: root, env });
    const exported = await exportedStack(project, stack, ['--show-secrets'], { env });
    return (JSON.parse(exported) as Export).deployment.resources ?? [];
  } finally {
    remove();
    process.umask(mask);
    process.off('exit', remove);
  }
}

/** Those that the program declares: one of placed values only with something in it. */
function neededBy(adoptions: readonly Adoption[]) {
  return components.filter(
    ([name, type]) => type !== 'PlacedValues' || adoptions.some(({ parent }) => parent === name),
  );
}

function entries(adoptions: readonly Adoption[]) {
  return [
    ...neededBy(adoptions).map(([name, type, parent]) => ({
      type: `allincompassing:index:${type}`,
      name,
      component: true,
      ...(parent && { parent }),
    })),
    ...adoptions.map(({ type, name, parent, id }) => ({ type, name, parent, id })),
  ];
}
