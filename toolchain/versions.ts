/** The one list of what the toolchain consists of, at which version. go.mod pins the same versions for building from source. */
export const VERSIONS = {
  /** Pulumi's CLI and engine. A newer one that is already installed serves as well. */
  pulumi: '3.256.0',
  /** Pulumi's dynamic bridge: the plugin that runs a Terraform provider. The SDKs in sdks/ are generated for this version. */
  bridge: '1.1.4',
  /** The provider behind the npm package @pulumi/github of the same version. */
  github: '6.15.0',
  /** Netlify's Terraform provider, which the bridge runs. */
  netlify: '0.4.4',
  /** Supabase's Terraform provider, which the bridge runs, too. */
  supabase: '1.9.1',
} as const;

/** The vendors' own Terraform providers, which the bridge runs. Each is registered, and released, under its vendor's name. */
export const BRIDGED = { netlify: 'Netlify', supabase: 'Supabase' } as const;

/** A Terraform provider behind the bridge, by the name of its SDK, its part and its registration. */
export type BridgedName = keyof typeof BRIDGED;

export const BRIDGED_NAMES = ['netlify', 'supabase'] as const satisfies readonly BridgedName[];

/** Where a provider is registered. The bridge keeps downloads under this path too. */
export function registryAddress(name: BridgedName): string {
  return `registry.opentofu.org/${name}/${name}`;
}

/** The name of each part, in the order in which they are settled and shown. */
export const PART_NAMES = ['pulumi', 'terraform-provider', 'github', ...BRIDGED_NAMES] as const;

/** `pulumi` is the CLI with its language host; the others are plugins, and the providers behind the bridge. */
export type PartName = (typeof PART_NAMES)[number];

/** Whether a part is a provider behind the bridge. */
export function isBridged(part: PartName): part is BridgedName {
  return part in BRIDGED;
}

/** The version of a part. */
export function versionOf(part: PartName): string {
  return part === 'terraform-provider' ? VERSIONS.bridge : VERSIONS[part];
}

/** Whether `version` (v3.256.0, 3.300.1-alpha) is the pinned one or a later one of the same major version. */
export function isSuitable(version: string, pinned: string): boolean {
  const numbers = (text: string): number[] =>
    (/^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim())?.slice(1) ?? []).map((digits) => Number(digits));
  const [major, minor = 0, patch = 0] = numbers(version);
  const [wantedMajor, wantedMinor = 0, wantedPatch = 0] = numbers(pinned);
  if (major === undefined || major !== wantedMajor) return false;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
}
