/** What sort of program a child process is. */
export type ChildKind =
  | 'local'
  | 'npm'
  | 'packageManager'
  | 'pip'
  | 'go'
  | 'browser'
  | 'browserDownload'
  | 'smoke'
  | 'alert'
  | 'state'
  | 'engine'
  | 'drift'
  | 'supabase';

/** Of `env` (by default this process's), the variables that a child of this kind needs, and no others. */
export function childEnvironment(kind: ChildKind, env?: Readonly<NodeJS.ProcessEnv>): Record<string, string>;
