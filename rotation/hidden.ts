import { WaitsError, type Ports } from './ports.ts';

/** Lines below one that announces them. */
export function indented(lines: readonly string[]): string {
  return lines.map((each) => `  ${each}`).join('\n');
}

/**
 * Throws a {@link WaitsError} unless a person says that the places which nobody can read hold nothing that ends now. `otherwise`:
 * what is so then, `way`: the option that goes on.
 */
export async function checkHidden(
  ports: Pick<Ports, 'areChecked'>,
  hidden: readonly string[],
  otherwise: string,
  way: '--resume' | '--back',
): Promise<void> {
  if (hidden.length === 0 || (await ports.areChecked(hidden))) return;
  throw new WaitsError(
    `${otherwise}, because nobody can read whether one of these holds it:\n${indented(hidden)}\n` +
      `See with those who use them that none does, or write them anew; then: ${way} --checked`,
  );
}
