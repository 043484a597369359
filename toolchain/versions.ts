/** The one list of what the toolchain consists of, at which version. go.mod pins the same versions for building from source. */
export const VERSIONS = {
  /** Pulumi's CLI and engine. A newer one that is already installed serves as well. */
  pulumi: '3.256.0',
  /** Pulumi's dynamic bridge: the plugin that runs a Terraform provider. sdks/netlify is generated for this version. */
  bridge: '1.1.4',
  /** The provider behind the npm package @pulumi/github of the same version. */
  github: '6.15.0',
  /** Netlify's Terraform provider, which the bridge runs. */
  netlify: '0.4.4',
} as const;

/** Where Netlify's provider is registered. The bridge keeps downloads under this path too. */
export const NETLIFY_ADDRESS = 'registry.opentofu.org/netlify/netlify';

/** The name of each part, in the order in which they are settled and shown. */
export const PART_NAMES = ['pulumi', 'terraform-provider', 'github', 'netlify'] as const;

/** `pulumi` is the CLI with its language host; the others are plugins, and Netlify's provider behind the bridge. */
export type PartName = (typeof PART_NAMES)[number];

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
