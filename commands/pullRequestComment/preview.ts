import { z } from 'zod';

const diagnostic = z.object({ message: z.string().optional(), severity: z.string().optional() });
type Diagnostic = z.infer<typeof diagnostic>;

/** What this project reads of `pulumi preview --json`. */
const previewJson = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        detailedDiff: z.record(z.string(), z.unknown()).nullish(),
        diffReasons: z.array(z.string()).nullish(),
      }),
    )
    .optional(),
  diagnostics: z.array(diagnostic).optional(),
});

/** One change to one resource. Property names only: values never leave the preview. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** `type name`, as a person reads it. */
  readonly resource: string;
  readonly properties: readonly string[];
}

export interface Preview {
  readonly steps: readonly Step[];
  readonly errors: readonly string[];
  /** What the run warns of: a write of production, a branch that is not there. */
  readonly warnings: readonly string[];
}

/** Steps that change nothing. */
const quiet = new Set(['same', 'read', 'refresh']);

function resourceOf(urn: string): string {
  const [, , types = '', name = urn] = urn.split('::');
  return `${types.split('$').at(-1) ?? types} ${name}`;
}

/** Reads the output of `pulumi preview --json`. */
export function readPreview(text: string): Preview {
  const { steps = [], diagnostics = [] } = previewJson.parse(JSON.parse(text));
  return {
    steps: steps
      .filter(({ op }) => !quiet.has(op))
      .map(({ op, urn, detailedDiff, diffReasons }) => ({
        op,
        urn,
        resource: resourceOf(urn),
        properties: Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []),
      })),
    errors: messagesOf(diagnostics, 'error'),
    warnings: messagesOf(diagnostics, 'warning'),
  };
}

function messagesOf(diagnostics: readonly Diagnostic[], wanted: 'error' | 'warning'): string[] {
  const messages = diagnostics.flatMap(({ severity, message }) =>
    severity === wanted && message?.trim() ? [message.trim()] : [],
  );
  return [...new Set(messages)];
}

/** The change as one word of what it is: the same in base and head when the pull request has no part in it. */
function identity({ op, urn, properties }: Step): string {
  return JSON.stringify([op, urn, [...properties].sort()]);
}

/** What the live system has drifted by (the base's own preview) and what the pull request adds to it. */
export function separate(
  base: Preview,
  head: Preview,
): { readonly drift: readonly Step[]; readonly changes: readonly Step[] } {
  const known = new Set(base.steps.map(identity));
  return { drift: base.steps, changes: head.steps.filter((step) => !known.has(identity(step))) };
}
