import { describe, expect, it } from '@jest/globals';
import { runCommand } from '../support/command.ts';

interface Contestant {
  readonly name: string;
  readonly seconds: { readonly median: number };
  readonly requests: number;
  readonly phases?: { readonly phases: readonly { readonly seconds: number }[] };
}

describe('npm run bench -- preview', () => {
  it('measures Terraform, the previews, the floor and the vault, and no preview asks more than Terraform', async () => {
    const { code, stdout, stderr } = await runCommand('bench/run.ts', [
      'preview',
      '--sizes',
      '2',
      '--runs',
      '1',
      '--json',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { sizes } = JSON.parse(stdout) as { sizes: { size: number; contestants: Contestant[] }[] };
    expect(sizes.map(({ size }) => size)).toEqual([2]);
    const contestants = sizes[0]?.contestants ?? [];
    expect(contestants.map(({ name }) => name)).toEqual([
      'terraform plan',
      'pulumi preview',
      'pulumi preview --refresh',
      'pulumi preview of an empty program',
      'pulumi preview with the vault',
    ]);
    const requests = Object.fromEntries(contestants.map((each) => [each.name, each.requests]));
    const terraform = requests['terraform plan'] ?? 0;
    expect(terraform).toBeGreaterThan(0);
    expect(requests['pulumi preview']).toBeLessThanOrEqual(terraform);
    expect(requests['pulumi preview --refresh']).toBeLessThanOrEqual(terraform);
    expect(requests['pulumi preview of an empty program']).toBe(0);
    for (const { seconds } of contestants) expect(seconds.median).toBeGreaterThan(0);
    for (const each of contestants.slice(1, 3)) {
      expect(each.phases?.phases.length).toBeGreaterThan(3);
      for (const { seconds } of each.phases?.phases ?? []) expect(seconds).toBeGreaterThanOrEqual(0);
    }
  }, 600_000);

  it('refuses sizes and runs that are no numbers', async () => {
    const { code, stderr } = await runCommand('bench/run.ts', ['preview', '--sizes', 'ten']);
    expect(code).toBe(1);
    expect(stderr).toContain('--sizes is a whole number, 1 at least');
  }, 60_000);

  it('names the benchmarks when it does not know one', async () => {
    const { code, stderr } = await runCommand('bench/run.ts', ['nonsense']);
    expect(code).toBe(1);
    expect(stderr).toContain('The verb is preview, scan or drift.');
  }, 60_000);
});
