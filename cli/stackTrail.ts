import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { startPassphraseKey } from '../engine/passphrase.ts';
import { pulumi, type PulumiRun } from '../engine/pulumi.ts';
import { fileConfiguration, fileStack } from '../settings/stack/file.ts';
import { namespace } from '../settings/names/names.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { openTrail, trailFile } from '../audit/trail.ts';

const keyName = `${namespace}:fingerprintKey`;
/** Pulumi is not given longer for it; a write does not wait that long (audit/trail.ts). */
const keyTimeoutMs = 10_000;

/** Sends this process's audit lines to the file of a stack, signed with its key. Reads nothing before the first write. */
export function openStackTrail(stack: string, env: NodeJS.ProcessEnv = process.env): void {
  let key: Promise<string | undefined> | undefined;
  openTrail({
    stack,
    command: env.npm_lifecycle_event ?? basename(dirname(process.argv[1] ?? 'unnamed/command.ts')),
    file: () => chosenFile(stack),
    key: () => (key ??= fingerprintKeyOf(stack, { aside: true }).catch(() => undefined)),
  });
}

/** The file of a stack's trail. */
export function stackTrailFile(stack: string): string {
  return trailFile(stack, chosenFile(stack));
}

const audit = z.looseObject({ file: z.string().optional() });

/** The file that the settings name. Settings that are wrong keep nothing from being recorded: they are another's to report. */
function chosenFile(stack: string): string | undefined {
  try {
    return audit.safeParse(fileConfiguration(projectRoot(), stack).audit).data?.file;
  } catch {
    return undefined;
  }
}

const encrypted = z.object({ secure: z.string() });

/**
 * A stack's fingerprint key: decrypted here where a passphrase protects the stack, else by Pulumi. `undefined` where there is
 * none, or it cannot be had. `aside`: the process may end before it comes.
 */
export async function fingerprintKeyOf(stack: string, how: Pick<PulumiRun, 'aside'> = {}): Promise<string | undefined> {
  const root = projectRoot();
  const content = fileStack(root, stack);
  const sealed = encrypted.safeParse(content.config?.[keyName]).data?.secure;
  // Pulumi takes configuration from an environment of Pulumi Cloud too; without one, what is not in the file is not set.
  if (sealed === undefined && content.environment === undefined) return undefined;
  const passphrase = sealed === undefined ? undefined : startPassphraseKey(root, stack);
  if (sealed !== undefined && passphrase) {
    const opened = await passphrase.decrypt.then((decrypt) => decrypt(sealed)).catch(() => undefined);
    if (opened !== undefined) return opened;
  }
  try {
    const args = ['config', 'get', keyName, '--stack', stack];
    return (await pulumi(args, { cwd: root, timeoutMs: keyTimeoutMs, ...how })).replace(/\n$/, '');
  } catch {
    return undefined;
  }
}
