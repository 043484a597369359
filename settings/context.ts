/** Netlify's deploy contexts, as its environment-variable API names them. */
export const namedContexts = ['all', 'dev', 'dev-server', 'branch-deploy', 'deploy-preview', 'production'] as const;

/** A named deploy context of Netlify. */
type NamedContext = (typeof namedContexts)[number];

/**
 * Where a value applies: a named context (`production`), or one branch (`branch:develop`).
 * This spelling is the one of the stack's configuration; {@link contextFields} has Netlify's.
 */
export type Context = NamedContext | `branch:${string}`;

/** A context as Netlify's API and its Terraform provider spell it. */
export interface ContextFields {
  readonly context: NamedContext | 'branch';
  /** The branch's name when `context` is `branch`. */
  readonly contextParameter?: string;
}

/** Whether `text` is a context in this project's spelling. */
export function isContext(text: string): text is Context {
  return (namedContexts as readonly string[]).includes(text) || /^branch:[^\s:]+$/.test(text);
}

/** `branch:develop` → `{ context: 'branch', contextParameter: 'develop' }`; `production` → `{ context: 'production' }`. */
export function contextFields(context: Context): ContextFields {
  return context.startsWith('branch:')
    ? { context: 'branch', contextParameter: context.slice('branch:'.length) }
    : { context: context as NamedContext };
}

/** The reverse of {@link contextFields}; accepts what the API answers. */
export function contextOf(fields: {
  readonly context: string;
  readonly contextParameter?: string | null | undefined;
}): Context {
  return (fields.context === 'branch' ? `branch:${fields.contextParameter ?? ''}` : fields.context) as Context;
}

/** The branches that contexts name: `branch:develop` → `develop`. */
export function branchesOf(contexts: readonly Context[]): string[] {
  return contexts.filter((context) => context.startsWith('branch:')).map((context) => context.slice('branch:'.length));
}
