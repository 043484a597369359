import { join } from 'node:path';
import { defaultCacheFolder } from './cache/cacheFolder.ts';
import { CHECKSUMS, type Checksums } from './download/checksums.ts';
import { goBuild, type GoBuilder } from './build/goBuild.ts';
import { download, type Download } from './download/official.ts';
import { remembered, remember } from './cache/remember.ts';
import { settle } from './settle.ts';
import { openFolder } from './cache/store.ts';
import type { Mode, Report, Toolchain } from './toolchain.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';

/** What resolving needs from outside; tests hand in others. */
interface Means {
  readonly build: GoBuilder;
  readonly download: Download;
  readonly checksums: Checksums;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

export interface ResolveOptions {
  readonly mode: Mode;
  readonly report: Report;
  /** Default: the user's cache folder, `allincompassing-staging/toolchain`. */
  readonly cacheDir?: string;
  /** The folder with go.mod. Default: `toolchain` in the project. */
  readonly module?: string;
  /** Build GitHub's Terraform provider too: the benchmark's peer. */
  readonly benchmark?: boolean;
  /** Ask again for what could not be reached, and settle anew what was settled before. */
  readonly again?: boolean;
  readonly means?: Partial<Means>;
}

/**
 * Settles where Pulumi, its language host and the providers come from, and gets or builds what is missing. What was
 * settled once is only checked (a few file sizes), so that a warm start costs milliseconds.
 */
export async function resolveToolchain(options: ResolveOptions): Promise<Toolchain> {
  const means: Means = {
    build: goBuild,
    download,
    checksums: CHECKSUMS,
    environment: process.env,
    ...options.means,
  };
  const cacheFolder = options.cacheDir ?? defaultCacheFolder(means.environment);
  const module = options.module ?? join(projectRoot(), 'toolchain');
  const question = {
    mode: options.mode,
    module,
    benchmark: options.benchmark ?? false,
    environment: means.environment,
  };
  if (options.again !== true) {
    const known = remembered(cacheFolder, question);
    if (known !== undefined) return known;
  }
  openFolder(cacheFolder); // before anything is asked or built that could not be kept
  const toolchain = await settle({ ...options, ...question, cacheFolder, means });
  remember(cacheFolder, question, toolchain);
  return toolchain;
}
