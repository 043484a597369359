import type { Incident } from '../../incidents/record.ts';
import type { Extent } from './faults.ts';
import type { Ending } from './pool.ts';

/** What the engine's state holds, other than nothing: what a killed update left, what drift is compared with, what an import yields. */
type EngineState = 'killed' | 'drifted' | 'adoptable';

/** What a command left behind, for what only its own row can judge. */
export interface Left {
  readonly ended: Ending;
  readonly fault: string;
  /** The incidents of this cell's own folder. */
  readonly incidents: readonly Incident[];
  /** Level 2 of the kill switch, where the cell has a Management API of its own. */
  readonly secret: string | undefined;
}

/** One command with a service that it cannot do without. */
export interface Case {
  /** The folder of commands/; with a slash, a file of its own. */
  readonly entry: string;
  /** `{cell}` stands for a name of the cell's own, `{site}` for the deployed site's address. */
  readonly args: readonly string[];
  readonly service: string;
  /** What of the service fails. */
  readonly extent: Extent;
  /** The exit code then. Default 1. */
  readonly code?: number;
  /** Where it runs, other than in the project's folder: see worlds.ts. */
  readonly folder?: 'separate' | 'emergency' | 'incident' | 'edge';
  /** The services that it sees: with `thrown` both levels of the kill switch are on. */
  readonly world?: 'thrown';
  /** It gets a Management API of its own, with this value of level 2: what it writes there is right. */
  readonly ownSecret?: 'unset' | 'true';
  /** In its folder lies an open incident already. */
  readonly incident?: boolean;
  /** The engine's state, other than that of an empty stack: see engines.ts. */
  readonly engine?: EngineState;
  /** Variables that it does not get: the vault has to give what they hold. */
  readonly without?: readonly string[];
  /** What the output must hold, and what it must not. */
  readonly says?: readonly RegExp[];
  readonly never?: RegExp;
  /** What else is wrong; nothing, if it ended as it should. */
  readonly judge?: (left: Left) => readonly string[];
  /** Which faults are no failure for it, with the exit code then, and why. */
  readonly except?: Readonly<Record<string, { readonly code: number; readonly because: string }>>;
}

const project = 'wnnjeqheqxxyrgsjmygy';
export const consent = ['--yes', '--project', project];

/** A row; by default all of the service fails, and the exit code is 1. */
export const of = (
  entry: string,
  args: readonly string[],
  service: string,
  more: Partial<Omit<Case, 'entry' | 'args' | 'service'>> = {},
): Case => ({ entry, args, service, extent: 'all', ...more });
