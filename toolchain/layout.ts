import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PROGRAMS, type Program } from './goBuild.ts';
import { pluginFile } from './installed.ts';
import { NETLIFY_ADDRESS, VERSIONS, type PartName } from './versions.ts';

/** Where each program of a folder built from source stands: where the engine and the bridge look for it by themselves. */
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

  /** The PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR with Netlify's provider. */
  get terraform(): string {
    return join(this.#folder, 'terraform');
  }

  path(part: PartName): string {
    switch (part) {
      case 'pulumi':
        return this.pulumi;
      case 'netlify':
        return netlifyFile(this.terraform);
      case 'terraform-provider':
        return pluginFile(join(this.home, 'plugins'), part, VERSIONS.bridge);
      case 'github':
        return pluginFile(join(this.home, 'plugins'), part, VERSIONS.github);
    }
  }

  /** Moves what `go build` wrote into `bin` to its place. */
  arrange(programs: readonly Program[]): void {
    const places: readonly (readonly [Program, PartName])[] = [
      [PROGRAMS.bridge, 'terraform-provider'],
      [PROGRAMS.github, 'github'],
      [PROGRAMS.netlify, 'netlify'],
    ];
    for (const [program, part] of places) {
      if (!programs.includes(program)) continue;
      mkdirSync(dirname(this.path(part)), { recursive: true });
      renameSync(join(this.bin, program.file), this.path(part));
    }
  }
}

/** Netlify's provider in a folder of the bridge's downloads. */
export function netlifyFile(folder: string): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const machine = `${system}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const file = `terraform-provider-netlify_v${VERSIONS.netlify}${suffix}`;
  return join(folder, ...NETLIFY_ADDRESS.split('/'), VERSIONS.netlify, machine, file);
}

/** The folder of the bridge's downloads in which a provider's file stands: the inverse of `netlifyFile`. */
export function downloadsFolder(file: string): string {
  return file.slice(0, -relative('/', netlifyFile('/')).length - 1);
}
