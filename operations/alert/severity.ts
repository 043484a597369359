/** How bad it is, from the one who raises the alert. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** What a severity means for those who are alerted. docs/OBSERVABILITY_RUNBOOK.md shows the same table. */
export interface Meaning {
  /** The incident level; none for a notice. */
  readonly level: string;
  readonly colour: string;
  /** What it is for. */
  readonly when: string;
  /** Who acts, and how soon. */
  readonly response: string;
}

/** Every severity, worst first. */
export const severities: Readonly<Record<Severity, Meaning>> = {
  critical: {
    level: 'SEV0',
    colour: '🔴',
    when: 'Production is down, data is lost or leaking, or agents act against an order to stop',
    response: 'At once, day and night: page the person on call, use the kill switch, open an incident',
  },
  high: {
    level: 'SEV1',
    colour: '🟠',
    when: 'Production is impaired for users, or a secret has leaked',
    response: 'Within 15 minutes: the person on call, an incident is opened',
  },
  medium: {
    level: 'SEV2',
    colour: '🟡',
    when: 'Staging is down or wrong, a deploy or its smoke test failed, Supabase regressed',
    response: 'Within the working day: who changed it last; merges to develop wait',
  },
  low: {
    level: 'SEV3',
    colour: '🔵',
    when: 'Drift or a warning that blocks nobody yet',
    response: 'Within the week: the next person on the board',
  },
  info: { level: 'notice', colour: '⚪', when: 'Something healed, or is good to know', response: 'None' },
};

/** Whether a word names a severity. */
export function isSeverity(word: string): word is Severity {
  return Object.hasOwn(severities, word);
}
