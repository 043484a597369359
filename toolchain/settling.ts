import type { GoBuilder } from './build/goBuild.ts';
import type { Checksums } from './download/checksums.ts';
import type { Download } from './download/official.ts';
import type { Mode, Report } from './toolchain.ts';

/** What is to be set up, and by which means. */
export interface Settling {
  readonly mode: Mode;
  readonly report: Report;
  readonly module: string;
  readonly cacheFolder: string;
  readonly benchmark: boolean;
  readonly again?: boolean;
  readonly means: {
    readonly build: GoBuilder;
    readonly download: Download;
    readonly checksums: Checksums;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
  };
}
