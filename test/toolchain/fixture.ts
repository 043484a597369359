import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GoBuild, GoBuilder } from '../../toolchain/build/goBuild.ts';
import { archiveOf, CHECKSUMS, type Checksums } from '../../toolchain/download/checksums.ts';
import { resolveToolchain, type ResolveOptions } from '../../toolchain/resolve.ts';
import type { Mode, Toolchain, ToolchainEvent } from '../../toolchain/toolchain.ts';
import type { PartName } from '../../toolchain/versions.ts';

/** A machine with an empty cache, no Pulumi, no network, and a Go that builds at once. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'toolchain-test-'));
  readonly cache = join(this.folder, 'cache');
  readonly module = join(this.folder, 'module');
  readonly home = join(this.folder, 'home');
  readonly builds: GoBuild[] = [];
  readonly downloads: string[] = [];
  readonly events: ToolchainEvent[] = [];
  /** What the network answers, by address. Nothing: it cannot be reached. */
  readonly network = new Map<string, Uint8Array>();
  /** What is kept for the archives that the network has. Empty: the sums of the real ones, which nothing here matches. */
  checksums: Checksums = CHECKSUMS;
  /** Replaces the builder. */
  builder: GoBuilder = (build) => this.#build(build);
  path = join(this.folder, 'bin');

  constructor() {
    this.write(join(this.module, 'go.mod'), 'module example\n');
    this.write(join(this.module, 'main.go'), 'package main\n');
    mkdirSync(this.path);
  }

  async resolve(mode: Mode = 'auto', options: Partial<ResolveOptions> = {}): Promise<Toolchain> {
    return await resolveToolchain({
      mode,
      report: (event) => this.events.push(event),
      cacheDir: this.cache,
      module: this.module,
      means: {
        build: (build) => this.builder(build),
        download: (url) => this.#download(url),
        checksums: this.checksums,
        environment: { PATH: this.path, PULUMI_HOME: this.home },
      },
      ...options,
    });
  }

  write(file: string, text: string): string {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Puts a Pulumi on PATH that states this version, with its language host beside it. */
  installPulumi(version: string): string {
    const file = this.write(join(this.path, 'pulumi'), `#!/bin/sh\n[ "$1" = version ] && echo ${version}\nexit 0\n`);
    chmodSync(this.write(join(this.path, 'pulumi-language-nodejs'), '#!/bin/sh\n'), 0o755);
    chmodSync(file, 0o755);
    return file;
  }

  /** Publishes a part's archive, and keeps its checksum here: the right one, or the one given. */
  publish(part: PartName, archive: Uint8Array, checksum = createHash('sha256').update(archive).digest('hex')): void {
    const { url, checksums } = archiveOf(part);
    this.network.set(url, archive);
    this.checksums = { ...this.checksums, [checksums]: [checksum] };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #build(build: GoBuild): Promise<void> {
    this.builds.push(build);
    for (const program of build.programs) this.write(join(build.output, program.file), `built ${program.file}`);
    return Promise.resolve();
  }

  #download(url: string): Promise<Uint8Array> {
    this.downloads.push(url);
    const content = this.network.get(url);
    if (content !== undefined) return Promise.resolve(content);
    return Promise.reject(new Error('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
  }
}
