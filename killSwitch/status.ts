import type { StagingServices } from '../deploys/stagingServices.ts';
import { databaseHost, openDatabase, openManagement } from './access.ts';
import { configurationFile, declaredValue } from './configuration.ts';
import { emergencyVariable } from '../settings/names/names.ts';
import { stagingSource } from '../settings/settings.ts';
import { readNetlify, type NetlifySwitch } from './netlify.ts';
import { knownReaders, type SwitchPlace } from './readers.ts';
import { readSecret, type SecretSwitch } from './secret.ts';
import { readTable, type TableSwitch } from './table.ts';

/** What could not be read, and why. */
interface Unread {
  readonly error: string;
}

type Effect = 'disabled' | 'enabled' | 'unknown';

/** The places of the switch, as far as they could be read, and what follows for the agents. */
export interface KillSwitchStatus {
  readonly project: string;
  /** The host that the row was read from. */
  readonly host: string;
  /** Level 1; `null` when the table has no row, under which agents act. */
  readonly table: TableSwitch | null | Unread;
  /** Level 2. */
  readonly secret: SecretSwitch | Unread;
  /** The playbook's variable. */
  readonly netlify: NetlifySwitch | Unread;
  readonly readers: Readonly<Record<SwitchPlace, readonly string[]>>;
  /** What the stack's configuration declares for the variable, a value or its reference; `null` when nothing. */
  readonly declared: string | null;
  /** Whether staging's agents act now. It follows from the places that agents read. */
  readonly staging: Effect;
  /** Whether production's agents act now: as staging's in the project that both use; `null` where production has its own. */
  readonly production: Effect | null;
  /** Which level decides. */
  readonly decidedBy: 'table' | 'secret' | 'both' | 'neither' | 'unknown';
}

/** Reads all places at once; one that cannot be read does not hide the others. */
export async function readStatus(staging: StagingServices): Promise<KillSwitchStatus> {
  const [table, secret, netlify] = await Promise.all([
    errorAsValue(async () => (await readTable(await openDatabase(staging.settings))) ?? null),
    errorAsValue(async () => readSecret(await openManagement(staging.settings), staging.project.ref)),
    errorAsValue(async () => {
      const { api, site } = await staging.netlify();
      return readNetlify(api, site, staging.settings.netlify.contexts);
    }),
  ]);
  const declared = declaredValue(configurationFile(staging.root, staging.stack)) ?? declaredReference(staging) ?? null;
  return {
    project: staging.project.ref,
    host: databaseHost(staging.settings),
    table,
    secret,
    netlify,
    readers: knownReaders,
    declared,
    ...conclusion(table === null ? false : disabledBy(table), disabledBy(secret), staging.project.isShared),
  };
}

function disabledBy(level: { readonly disabled: boolean } | Unread): boolean | undefined {
  return 'error' in level ? undefined : level.disabled;
}

/** The reference by which the configuration declares the variable, where that is no value: only the vault knows which. */
function declaredReference({ settings }: StagingServices): string | undefined {
  const source = stagingSource(settings, emergencyVariable);
  return source?.kind === 'reference' ? source.reference : undefined;
}

/**
 * Either level disables the agents of every environment that uses the project; only two known levels that are off mean that
 * they act. In a shared project nothing distinguishes staging's agents from production's: both follow from the same two places.
 */
export function conclusion(
  byTable: boolean | undefined,
  bySecret: boolean | undefined,
  isShared = true,
): Pick<KillSwitchStatus, 'staging' | 'production' | 'decidedBy'> {
  const effect: Effect =
    byTable === true || bySecret === true
      ? 'disabled'
      : byTable === false && bySecret === false
        ? 'enabled'
        : 'unknown';
  const by = byTable && bySecret ? 'both' : bySecret ? 'secret' : byTable ? 'table' : 'neither';
  return { staging: effect, production: isShared ? effect : null, decidedBy: effect === 'unknown' ? 'unknown' : by };
}

async function errorAsValue<Result>(work: () => Promise<Result>): Promise<Result | Unread> {
  try {
    return await work();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
