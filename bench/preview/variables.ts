import { randomBytes } from 'node:crypto';
import type { VaultEditor } from '../../sandbox/standIns/onepassword/editor.ts';

/** One variable of the benchmark; every second one is secret on Netlify. */
export interface BenchVariable {
  readonly name: string;
  readonly label: string;
  readonly secret: boolean;
}

/** As many variables as asked for. */
export function benchVariables(size: number): BenchVariable[] {
  return Array.from({ length: size }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return { name: `BENCH_${number}`, label: `bench_${number}`, secret: index % 2 === 1 };
  });
}

/** Puts a made-up value of each variable into a sandbox's vault. */
export function fillVault(vault: VaultEditor, variables: readonly BenchVariable[]): void {
  for (const { label } of variables) vault.set(label, randomBytes(24).toString('base64url'));
}

/**
 * `allincompassing:values` with these variables on Netlify, in the place of all others there: `declared` is the list before.
 * `everyPlace` adds Edge Function secrets and Actions variables, which the peer does not declare: fifty and three, as their
 * services take a hundred, and a second each.
 */
export function asConfiguration(
  variables: readonly BenchVariable[],
  declared: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  everyPlace: boolean,
): Record<string, unknown> {
  const elsewhere = Object.entries(declared)
    .filter(([, value]) => value.actionsSecret !== undefined)
    .map(([name, { from, actionsSecret }]) => [name, { from, actionsSecret }] as const);
  const own = Object.fromEntries(
    variables.map(({ name, label, secret }, index) => [
      name,
      {
        from: `op://Platform/Supabase/${label}`,
        netlify: secret ? { secret } : true,
        ...(everyPlace && index < 50 && { edgeFunction: true }),
        ...(everyPlace && index < 3 && { actionsVariable: true }),
      },
    ]),
  );
  return { ...Object.fromEntries(elsewhere), ...own };
}
