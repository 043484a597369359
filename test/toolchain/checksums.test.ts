import { describe, expect, it } from '@jest/globals';
import { archiveOf, CHECKSUMS } from '../../toolchain/download/checksums.ts';
import { PART_NAMES } from '../../toolchain/versions.ts';

const machines = (['linux', 'darwin', 'win32'] as const).flatMap((platform) =>
  ['x64', 'arm64'].map((arch) => [platform, arch] as const),
);

describe('the kept checksums', () => {
  it('are SHA-256 sums, each once', () => {
    const sums = Object.values(CHECKSUMS).flat();
    for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(sums).size).toBe(sums.length);
  });

  it('are of the versions in use: a new version brings its own', () => {
    const inUse = PART_NAMES.flatMap((part) => machines.map((machine) => archiveOf(part, ...machine).checksums));
    expect(Object.keys(CHECKSUMS).filter((name) => !inUse.includes(name))).toEqual([]);
  });

  it('cover what the workflows download on ubuntu', () => {
    const kept = (['pulumi', 'github', 'netlify', 'supabase'] as const).map(
      (part) => CHECKSUMS[archiveOf(part, 'linux', 'x64').checksums],
    );
    expect(kept).not.toContain(undefined);
  });
});

it('an archive’s address is the vendor’s release of the version in use', () => {
  expect(PART_NAMES.map((part) => archiveOf(part, 'linux', 'x64').url)).toEqual([
    'https://github.com/pulumi/pulumi/releases/download/v3.256.0/pulumi-v3.256.0-linux-x64.tar.gz',
    'https://get.pulumi.com/releases/plugins/pulumi-resource-terraform-provider-v1.1.4-linux-amd64.tar.gz',
    'https://get.pulumi.com/releases/plugins/pulumi-resource-github-v6.15.0-linux-amd64.tar.gz',
    'https://github.com/netlify/terraform-provider-netlify/releases/download/v0.4.4/terraform-provider-netlify_0.4.4_linux_amd64.zip',
    'https://github.com/supabase/terraform-provider-supabase/releases/download/v1.9.1/terraform-provider-supabase_1.9.1_linux_amd64.zip',
  ]);
});
