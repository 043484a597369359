import { severities, type DriftSeverity, type FixedBy, type Target } from './kind.ts';
import { driftKinds, overwritesProduction, type DriftKind } from './kinds.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** One difference between what is declared and what is live. */
export interface Finding {
  /** Names the same difference in every run: the kind and what it is about. */
  readonly id: string;
  readonly kind: DriftKind;
  readonly severity: DriftSeverity;
  /** One sentence; never a value. */
  readonly what: string;
  readonly where: Place;
  /** When it was changed (ISO 8601) and by whom, where the service says so. */
  readonly since?: string;
  readonly by?: string;
  readonly fix: Fix;
}

export interface Place {
  readonly target: Target;
  /** The variable, secret, rule or file. */
  readonly subject: string;
  /** The contexts, for a variable. */
  readonly contexts?: readonly string[];
  /** The stack's resources that an update has to write, by logical name. */
  readonly resources?: readonly string[];
}

/** Who can fix it, and how. */
export interface Fix {
  /**
   * `machine`: `--fix` does it, safe and in place. `ask`: only when it is named or confirmed, because it takes something
   * away or touches what is not staging's. `person`: no command of this project may decide it.
   */
  readonly by: FixedBy;
  /** It writes what production reads: it wants the shared project's reference. What it does there, after "to". */
  readonly production?: string;
  /** The command to type. */
  readonly command: string;
  /** What a person must know or decide. */
  readonly note?: string;
}

/** What a check gives to make a finding; severity and fixer come from the table of kinds. */
export interface Difference {
  readonly kind: DriftKind;
  readonly subject: string;
  readonly what: string;
  readonly contexts?: readonly string[];
  readonly resources?: readonly string[];
  readonly since?: string | undefined;
  readonly by?: string | undefined;
  /** The command, where it is not `npm run drift -- --fix --only ID`. */
  readonly command?: string;
  readonly note?: string;
  /** What the fix does to production, after "to", where the table of kinds does not say it. */
  readonly production?: string | undefined;
  /** How bad it is, where it is not as bad as the table of kinds says. */
  readonly severity?: DriftSeverity;
  /** Who fixes it, where it is not the one that the table of kinds names. */
  readonly fixedBy?: Fix['by'];
}

/** The finding of a difference. */
export function finding(difference: Difference): Finding {
  const { kind, subject, what, contexts, resources, since, by, command, note, fixedBy } = difference;
  const { target, by: fixer } = driftKinds[kind];
  const production =
    difference.production ??
    (overwritesProduction.has(kind) ? 'overwrite production with the recorded value' : undefined);
  const id = `${kind}:${subject}`;
  return {
    id,
    kind,
    severity: difference.severity ?? driftKinds[kind].severity,
    what,
    where: {
      target,
      subject,
      ...(contexts && { contexts: [...contexts] }),
      ...(resources && { resources: [...resources] }),
    },
    ...(since !== undefined && { since }),
    ...(by !== undefined && { by }),
    fix: {
      by: fixedBy ?? fixer,
      ...(production !== undefined && { production }),
      command: command ?? forStack(`npm run drift -- --fix --only ${/[^\w:./-]/.test(id) ? `'${id}'` : id}`),
      ...(note !== undefined && { note }),
    },
  };
}

/** Worst first, among equals what concerns production, then by id. */
export function bySeverity(a: Finding, b: Finding): number {
  const bad = severities.indexOf(b.severity) - severities.indexOf(a.severity);
  return bad || Number(isProductions(b)) - Number(isProductions(a)) || (a.id < b.id ? -1 : 1);
}

/** Whether it is about what production reads. */
export function isProductions({ kind, fix, where }: Finding): boolean {
  const ofShared = kind === 'kill-switch-on' || kind === 'kill-switch-missing';
  return (
    fix.production !== undefined ||
    ofShared ||
    kind === 'vault-production-value-changed' ||
    where.contexts?.includes('production') === true
  );
}

/** What stands before the command of a fix. */
export function hintOf({ by, production }: Fix): string {
  if (by === 'ask' && production !== undefined) return `PRODUCTION: to ${production}`;
  return { machine: 'to fix it', ask: 'if that is meant', person: 'for a person' }[by];
}
