/** What a failed check means for who has to act: each is named in the report and on the last line. */
export type FailureClass =
  /** The site or a service does not answer, or not in time. */
  | 'unreachable'
  /** It answers with another status or shape than it should. */
  | 'bad-answer'
  /** The site does not run as staging. */
  | 'wrong-context'
  /** The site is bound to another Supabase project. */
  | 'wrong-supabase'
  /** The site serves another organisation. */
  | 'wrong-organization'
  /** The published bundle lacks staging's values. */
  | 'build-values'
  /** The published bundle holds a key that must not leave a server. */
  | 'leaked-key'
  | 'sign-in'
  | 'dashboard'
  | 'database'
  | 'kill-switch';

/** The title under which GitHub keeps a failed check on the job: `npm run drift` reads it there. */
export function annotationTitle(failureClass: FailureClass): string {
  return `Smoke: ${failureClass}`;
}
