import type { LivePlaces } from '../../places/live.ts';
import type { LiveRules } from '../../protection/weaknesses.ts';
import type { RepositoryName } from '../../services/github/github.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ReaderRow } from './checks/applicationReaders.ts';
import type { Finding, Place } from './finding.ts';
import type { Recorded } from '../../engine/recorded.ts';

/** What to look at, and where. */
export interface LookOptions {
  readonly root: string;
  readonly stack: string;
  readonly settings: Settings;
  readonly repository: RepositoryName;
  /** Secrets older than this many days are findings. */
  readonly maxAgeDays: number;
  /** The deployed staging site, if it is to be asked. */
  readonly siteUrl: string | undefined;
  /** A clone of the application, if its files are to be checked. */
  readonly application: string | undefined;
  /** The file with the developer's own values. */
  readonly localFile: string;
  readonly now: number;
}

/** What one look saw. */
export interface Look {
  readonly findings: readonly Finding[];
  /** Parts that this run could not or was not to see, each with what it takes. */
  readonly notChecked: readonly string[];
  readonly unseen: readonly Place['target'][];
  /** Parts that failed: the run's answer is not complete. */
  readonly errors: readonly string[];
  readonly recorded: Recorded;
  readonly variables: readonly LiveVariable[];
  readonly places: LivePlaces;
  readonly rules: LiveRules | undefined;
  /** Who reads the values, where a clone of the application was given. */
  readonly readers: readonly ReaderRow[] | undefined;
}

/** What a part adds. */
export interface Part {
  readonly findings: readonly Finding[];
  readonly notChecked?: readonly string[];
  /** What this run did not look at: findings of an earlier run there are neither confirmed nor fixed. */
  readonly unseen?: Place['target'];
}
