/** How bad it is, in the words of the one who raises the alert. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** The incident level of a severity; `notice` needs no answer. */
export type Level = 'SEV1' | 'SEV2' | 'SEV3' | 'notice';

/** What a severity means for those who are alerted. docs/OBSERVABILITY_RUNBOOK.md shows the same table. */
export interface Meaning {
  readonly level: Level;
  readonly colour: string;
  /** What it is for. */
  readonly when: string;
}

/** Every severity, worst first. */
export const severities: Readonly<Record<Severity, Meaning>> = {
  critical: {
    level: 'SEV1',
    colour: '🔴',
    when: 'Data is lost or leaking, or agents act against an order to stop',
  },
  high: { level: 'SEV1', colour: '🔴', when: 'Production is down, or its data is in doubt' },
  medium: {
    level: 'SEV2',
    colour: '🟠',
    when: 'Major degradation, sign-in fails, staging is down, Supabase regressed',
  },
  low: { level: 'SEV3', colour: '🟡', when: 'Local or recoverable degradation, drift' },
  info: { level: 'notice', colour: '⚪', when: 'Something was repaired, or is good to know' },
};

const byLevel: Readonly<Record<string, Severity>> = {
  sev0: 'critical',
  sev1: 'high',
  sev2: 'medium',
  sev3: 'low',
  notice: 'info',
};

/** The words that {@link severityOf} takes, for an error or a help text. */
export const severityWords = `${Object.keys(severities).join(', ')}, or SEV1, SEV2, SEV3`;

/** The severity that a word means: its name or its level, in any case. `undefined` when it means none. */
export function severityOf(word: string): Severity | undefined {
  const lower = word.trim().toLowerCase();
  return byLevel[lower] ?? Object.keys(severities).find((name): name is Severity => name === lower);
}
