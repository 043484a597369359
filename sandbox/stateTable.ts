import { styleText } from 'node:util';

/** The stack's outputs as `pulumi stack output --json` prints them. */
export interface StackOutputs {
  readonly variables: Readonly<
    Record<
      string,
      {
        readonly secret: boolean;
        readonly contexts: readonly string[];
        readonly fingerprints: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly actionsSecrets: Readonly<Record<string, { readonly fingerprint?: string }>>;
  readonly protectedBranch: string;
  readonly requiredChecks: readonly string[];
}

const headings = ['TARGET', 'VARIABLE', 'CONTEXT', 'KIND', 'FINGERPRINT', 'STATE'];

/** One line for each value in each place; a value that could be guessed has no fingerprint. */
export function stateTable(
  { variables, actionsSecrets, protectedBranch, requiredChecks }: StackOutputs,
  colours: boolean,
): string {
  const rows = [
    ...Object.entries(variables).flatMap(([name, { secret, contexts, fingerprints }]) =>
      contexts.map((context) => [
        'Netlify',
        name,
        context,
        secret ? 'secret' : 'plain',
        fingerprints[context] ?? '-',
        'in place',
      ]),
    ),
    ...Object.entries(actionsSecrets).map(([name, { fingerprint }]) => [
      'GitHub',
      name,
      'Actions',
      'secret',
      fingerprint ?? '-',
      'in place',
    ]),
    ...requiredChecks.map((check) => ['GitHub', check, protectedBranch, 'check', '-', 'required']),
  ];
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [colours ? styleText('bold', line(headings)) : line(headings), ...rows.map(line)].join('\n');
}
