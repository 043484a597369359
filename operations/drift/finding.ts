import { driftKinds, type DriftKind } from './kinds.ts';

/** How bad a finding is; the words are those of `npm run alert:slack`. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type DriftSeverity = (typeof severities)[number];

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
  readonly target: 'Netlify' | 'GitHub' | '1Password' | 'Supabase' | 'site' | 'repository' | 'stack' | 'local';
  /** The variable, secret, rule or file. */
  readonly subject: string;
  /** The contexts, for a variable. */
  readonly contexts?: readonly string[];
  /** The stack's resources that an update has to write, by logical name. */
  readonly resources?: readonly string[];
}

/** Who can heal it, and how. */
export interface Fix {
  /**
   * `machine`: `--fix` does it, safe and in place. `ask`: only when it is named or confirmed, because it takes something
   * away or touches what is not staging's. `person`: no command of this project may decide it.
   */
  readonly by: 'machine' | 'ask' | 'person';
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
  /** Who heals it, where it is not whom the table of kinds names. */
  readonly healer?: Fix['by'];
}

/** The finding of a difference. */
export function finding(difference: Difference): Finding {
  const { kind, subject, what, contexts, resources, since, by, command, note, healer } = difference;
  const { severity, target, by: fixer } = driftKinds[kind];
  const id = `${kind}:${subject}`;
  return {
    id,
    kind,
    severity,
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
      by: healer ?? fixer,
      command: command ?? `npm run drift -- --fix --only ${/[^\w:./-]/.test(id) ? `'${id}'` : id}`,
      ...(note !== undefined && { note }),
    },
  };
}

/** Worst first, then by id. */
export function bySeverity(a: Finding, b: Finding): number {
  return severities.indexOf(b.severity) - severities.indexOf(a.severity) || (a.id < b.id ? -1 : 1);
}
