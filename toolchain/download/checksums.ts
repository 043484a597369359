import { createHash } from 'node:crypto';
import { ToolchainError } from '../toolchain.ts';
import { isBridged, versionOf, type PartName } from '../versions.ts';

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
  'terraform-provider-supabase_1.9.1': [
    '0e4bedace67d4688bfdf677c71fdd93029c6393820af921121aa9d86d3f371c2',
    '0ec2d76a30b2d72ed6670c35897bec6a511b8ad129ec9e9c6a2f341345972aeb',
    '168d40688eb60e770c24b992f56d698acaf7f5675dc984d020f699a0cdb3edbd',
    '3e08bee9d3f3f8e7216acd4a32dcdd7005635d59f029cb5e73aa9a8cf3e41559',
    '4ba28495302c905b9f76c1a0c9bc021d26fbfaea2e015ed0983b394152041b35',
    '5e3e09f145b5799bf6ba5217660370127265d1ef93be6c8aeb45e189180a7d65',
    '61638e29fca95fa472e870c0b58a6ebe8e067800aadbb98e4ed8f09a5189ffdb',
    'aa37f6b5b33a6cf098e25d27f2f16f2efae50ed3e59e678a0c1fb9710bd22e6b',
    'b89e4e52055e826bbca37eaa1bba60d6a52cdefb6ad34e008dafa49988fb745a',
    'c3a819ff921f00ed46b826b1fb773ca9d29a6f2b14906cd27eddcb6304da8bae',
    'c3d4c661f1c55688501aa0384a1f3c3bf9be659f0291729e603794486a1ee080',
    'fc08601bf928df6c9561e2bcc69dae9ebc85e9f4e8a316d31cc2e0f313dc83b8',
    'fd9d56093feb8a66eb40aa0a8f9821974797364cf99f971eba4e4c4db253ad3a',
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
  if (isBridged(part)) {
    const name = `terraform-provider-${part}_${version}`;
    const release = `https://github.com/${part}/terraform-provider-${part}/releases/download/v${version}`;
    return { url: `${release}/${name}_${machine.replace('-', '_')}.zip`, checksums: name };
  }
  if (part === 'pulumi') {
    const file = `pulumi-v${version}-${system}-${arch}.${platform === 'win32' ? 'zip' : 'tar.gz'}`;
    return { url: `https://github.com/pulumi/pulumi/releases/download/v${version}/${file}`, checksums: file };
  }
  const file = `pulumi-resource-${part}-v${version}-${machine}.tar.gz`;
  return { url: `https://get.pulumi.com/releases/plugins/${file}`, checksums: file };
}

/** Throws a `ToolchainError` unless the archive's SHA-256 is one of the sums that are kept for it. */
export function verify(archive: Archive, bytes: Uint8Array, kept: Checksums): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (kept[archive.checksums]?.includes(actual) === true) return;
  throw new ToolchainError(
    `${archive.url} has the checksum ${actual}, which is not the one that toolchain/download/checksums.ts keeps.`,
    'Something between here and its server changes downloads, or the release was replaced. Use STAGING_TOOLCHAIN=source, or install Pulumi yourself.',
  );
}
