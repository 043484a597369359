import { existsSync, mkdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../machine/writeWhole.ts';
import { bridgeDownloads, pluginFolder } from '../../toolchain/download/installed.ts';
import { sandboxPaths } from '../process/paths.ts';

/**
 * A PULUMI_HOME of the sandbox's own, with the plugins of the one that `environment` leads to: nothing of a run stays in
 * the user's, and no log of it anywhere.
 */
export function pulumiHome(dir: string, environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const home = sandboxPaths(dir).pulumiHome;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  link(pluginFolder(environment), join(home, 'plugins'));
  keepNoLogs(home);
  return { PULUMI_HOME: home, PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: bridgeDownloads(environment) };
}

/** Makes `place` lead to `target`; of two runs at once the later link wins, and both are the same. */
function link(target: string, place: string): void {
  try {
    if (readlinkSync(place) === target) return;
  } catch {
    // not there yet
  }
  const draft = `${place}.${process.pid}`;
  symlinkSync(target, draft, 'junction');
  renameSync(draft, place);
}

/**
 * Pulumi writes all that it sees in a run, values too, to a file below `logs`, sealed with the stack's key, and keeps it
 * for days; that costs a tenth of a long preview. It has no setting for it, but goes without where it cannot have the
 * folder.
 */
function keepNoLogs(home: string): void {
  const logs = join(home, 'logs');
  if (!existsSync(logs)) writeWhole(logs, 'This file keeps Pulumi from writing logs that hold values.\n');
}
