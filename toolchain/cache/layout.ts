import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROGRAMS, type Program } from '../build/goBuild.ts';
import { pluginFile } from '../download/installed.ts';
import {
  BRIDGED_NAMES,
  isBridged,
  registryAddress,
  VERSIONS,
  versionOf,
  type BridgedName,
  type PartName,
} from '../versions.ts';

/** Where each program of a folder built from source stands: where the engine and the bridge find it by themselves. */
export class Layout {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The CLI with its language host beside it, which the engine then uses without a word. */
  get bin(): string {
    return join(this.#folder, 'bin');
  }

  get pulumi(): string {
    return join(this.bin, PROGRAMS.cli.file);
  }

  get terraformGithub(): string {
    return join(this.bin, PROGRAMS.terraformGithub.file);
  }

  /** The PULUMI_HOME with the plugins. */
  get home(): string {
    return join(this.#folder, 'home');
  }

  /** The PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR with the providers behind the bridge. */
  get terraform(): string {
    return join(this.#folder, 'terraform');
  }

  path(part: PartName): string {
    if (part === 'pulumi') return this.pulumi;
    if (isBridged(part)) return providerFile(this.terraform, part);
    return pluginFile(join(this.home, 'plugins'), part, versionOf(part));
  }

  /** Moves what `go build` wrote into `bin` to its place. */
  arrange(programs: readonly Program[]): void {
    const places: readonly (readonly [Program, PartName])[] = [
      [PROGRAMS.bridge, 'terraform-provider'],
      [PROGRAMS.github, 'github'],
      ...BRIDGED_NAMES.map((name) => [PROGRAMS[name], name] as const),
    ];
    for (const [program, part] of places) {
      if (!programs.includes(program)) continue;
      mkdirSync(dirname(this.path(part)), { recursive: true });
      renameSync(join(this.bin, program.file), this.path(part));
    }
  }
}

/** The program of a provider, in a folder of the bridge's downloads. */
export function providerFile(folder: string, name: BridgedName): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const machine = `${system}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const file = `terraform-provider-${name}_v${VERSIONS[name]}${suffix}`;
  return join(folder, ...registryAddress(name).split('/'), VERSIONS[name], machine, file);
}
