/** How bad a finding is; the words are those of `npm run alert:slack`. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type DriftSeverity = (typeof severities)[number];

/** Where something differs. */
export type Target = 'Netlify' | 'GitHub' | '1Password' | 'Supabase' | 'site' | 'repository' | 'stack' | 'local';

/** Who fixes it: see `Fix`. */
export type FixedBy = 'machine' | 'ask' | 'person';

/** What is known of a kind of drift, whoever has it. */
export interface Kind {
  readonly target: Target;
  readonly severity: DriftSeverity;
  /** Who fixes it. */
  readonly by: FixedBy;
  /** What it is, for docs/drift.md. */
  readonly title: string;
}

/** A row of the table of kinds. */
export function kind(target: Target, severity: DriftSeverity, by: FixedBy, title: string): Kind {
  return { target, severity, by, title };
}
