import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { defaultCacheFolder, sourceHash } from '../../toolchain/cache/cacheFolder.ts';
import { goBuild, type Program } from '../../toolchain/build/goBuild.ts';
import { Store } from '../../toolchain/cache/store.ts';
import type { Report } from '../../toolchain/toolchain.ts';

/** The peer's program, and what it calls itself. */
export interface TerraformCli {
  readonly file: string;
  readonly version: string;
}

const tofu: Program = { package: 'github.com/opentofu/opentofu/cmd/tofu', file: 'tofu' };

/** `terraform` or `tofu` from PATH, else OpenTofu built once from its Go module, kept in the user's cache folder. */
export async function terraformCli(report: Report): Promise<TerraformCli> {
  const installed = ['terraform', 'tofu'].map(versionOf).find((cli) => cli !== undefined);
  if (installed) return installed;
  const module = join(projectRoot(), 'bench', 'opentofu');
  const waiting = (pid: number): void => report({ kind: 'note', text: `Process ${pid} builds OpenTofu; waiting` });
  const folder = await new Store(defaultCacheFolder()).ensure(
    `opentofu-${sourceHash(module, [])}`,
    { waiting },
    (draft) => goBuild({ module, output: `${draft}/`, programs: [tofu], environment: process.env, report }),
  );
  const built = versionOf(join(folder, tofu.file));
  if (!built) throw new Error(`OpenTofu was built in ${folder} but does not start. Remove that folder and run again.`);
  return built;
}

function versionOf(file: string): TerraformCli | undefined {
  // A user's own configuration of Terraform may be missing or name mirrors; the benchmark brings its own.
  const env = { ...process.env, CHECKPOINT_DISABLE: 'true', TF_CLI_CONFIG_FILE: '/dev/null' };
  const { status, stdout } = spawnSync(file, ['version'], { encoding: 'utf8', env });
  const first = status === 0 ? stdout.split('\n')[0] : undefined;
  return first === undefined ? undefined : { file, version: first };
}
