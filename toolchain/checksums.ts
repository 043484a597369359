import { createHash } from 'node:crypto';
import { ToolchainError } from './toolchain.ts';
import { versionOf, type PartName } from './versions.ts';

/** SHA-256 sums by the archive's file name. Where a name stands for no one platform, each of the sums is good. */
export type Checksums = Readonly<Record<string, readonly string[]>>;

/**
 * The sums of the official archives, kept here so that no download vouches for itself. An archive that is not in this list
 * is never downloaded. Where each sum comes from, and how to add one: README.md in this folder.
 */
export const CHECKSUMS: Checksums = {
  'pulumi-v3.256.0-darwin-arm64.tar.gz': ['da8ed5d80c07ef00c5b0a489ddcedf4c985092d69b8efc4e9d2193e1e4f05b5b'],
  'pulumi-v3.256.0-darwin-x64.tar.gz': ['53a8c8775cb6e9886482552a3e7c74eccec7284dce4a4f68368a94113cf47b98'],
  'pulumi-v3.256.0-linux-arm64.tar.gz': ['a5b0c4cfc894d9147b8769eeb590fb6517f98829595d95443c2b6f91b1815711'],
  'pulumi-v3.256.0-linux-x64.tar.gz': ['fe4afd4cda48f7fe06961268834caf78fb1efa8b31ee61ad00ee2e6cfa91caea'],
  'pulumi-resource-github-v6.15.0-linux-amd64.tar.gz': [
    '52c99833ab7c5ee567a0ec06731038aee436be4d5dabd0b717aacda1e39bee7f',
  ],
  // Terraform's lock files list a version's archives without their platforms.
  'terraform-provider-netlify_0.4.4': [
    '449ff9dc58500d761ab26725fe2bd0dc1a7d98e441e9c0b6041e84c618104f7a',
    '45ddd814bef13852016fb5ed38a5cc65ff8744aeca3384410855abbfd1ab3bf0',
    '863b642fc824aca2bd6ae61abcbf510cda72bc39611998e6acb3cf5ae910cdf9',
    '908582f5b9c0038895504133821375d9ac8a8bb7a90992cb5690c4952b5fd744',
    '935198b19ab2ccf8dd4db02dc6dad5993f7cb0883bd4f0756aa7d5b254302aa6',
    'a12d1bb962141a47f5d4bc5a4de6743330d5800259c5365fc16a6ac6e09626d2',
    'b4879c8731330c639810f5542c4790ef10132809dbf626e58d179d855a8f3cff',
    'b81a89067c7daa20965c7d12241eda7f6e7f99d70985fddc64f8fd79267db3c7',
    'be33a165c8765a6c9be6301b6cb40da2d4124bd8269cfc2826662390e419c81f',
    'c2c0474a39c7c6c5da8edf3d29c54a2dec239a400ce77f2c719e5aea08723cbd',
    'cdc2d1d7c54c500c976ec7ca38a573d4ae29e166d14b6d45d2e6ca02ae5c89af',
    'f30e6250e5af8b6cd571924740d30de089bad2d03e6e141bf30c7b8f92b9a2dd',
    'f5cd0ab1e1449c9af891e2c78c803afe2ced86d78b3dba4bfcd2b59f1bdbe415',
  ],
};

/** One official archive: where it is, and under which name its sums are kept. */
export interface Archive {
  readonly url: string;
  readonly checksums: string;
}

/** The official archive of a part for a machine. */
export function archiveOf(
  part: PartName,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Archive {
  const version = versionOf(part);
  const system = platform === 'win32' ? 'windows' : platform;
  const machine = `${system}-${arch === 'x64' ? 'amd64' : arch}`;
  switch (part) {
    case 'pulumi': {
      const file = `pulumi-v${version}-${system}-${arch}.${platform === 'win32' ? 'zip' : 'tar.gz'}`;
      return { url: `https://github.com/pulumi/pulumi/releases/download/v${version}/${file}`, checksums: file };
    }
    case 'github':
    case 'terraform-provider': {
      const file = `pulumi-resource-${part}-v${version}-${machine}.tar.gz`;
      return { url: `https://get.pulumi.com/releases/plugins/${file}`, checksums: file };
    }
    case 'netlify': {
      const name = `terraform-provider-netlify_${version}`;
      const release = `https://github.com/netlify/terraform-provider-netlify/releases/download/v${version}`;
      return { url: `${release}/${name}_${machine.replace('-', '_')}.zip`, checksums: name };
    }
  }
}

/** Throws a `ToolchainError` unless the archive's SHA-256 is one of the sums that are kept for it. */
export function verify(archive: Archive, bytes: Uint8Array, kept: Checksums): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (kept[archive.checksums]?.includes(actual) === true) return;
  throw new ToolchainError(
    `${archive.url} has the checksum ${actual}, which is not the one that toolchain/checksums.ts keeps.`,
    'Something between here and its server changes downloads, or the release was replaced. Use STAGING_TOOLCHAIN=source, or install Pulumi yourself.',
  );
}
