import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { archiveOf } from './download/checksums.ts';
import { buildFromSource } from './build/fromSource.ts';
import { bridgeDownloads, findCli, pluginFile, pluginFolder } from './download/installed.ts';
import { Layout, providerFile } from './cache/layout.ts';
import { installOfficial } from './download/official.ts';
import { Store } from './cache/store.ts';
import { ToolchainError, type Part, type Toolchain } from './toolchain.ts';
import type { Settling } from './settling.ts';
import { Unreachable } from './download/unreachable.ts';
import {
  BRIDGED,
  BRIDGED_NAMES,
  isBridged,
  PART_NAMES,
  versionOf,
  type BridgedName,
  type PartName,
} from './versions.ts';

/** A part that is there; one whose program is to be copied beside what is built; or the reason why it has to be built. */
type Decision =
  | Omit<Part, 'name' | 'version'>
  | { readonly origin: 'found' | 'official'; readonly why: string; readonly beside: string }
  | { readonly origin: 'source'; readonly why: string };

type Providers = Record<BridgedName, Decision>;

/** Decides part by part, builds what is left over in one go, and describes the result. */
export async function settle(settling: Settling): Promise<Toolchain> {
  const decisions = await new Decisions(settling).all();
  const missing = PART_NAMES.filter((name) => decisions[name].origin === 'source');
  const beside = new Map(
    PART_NAMES.flatMap((name) => {
      const decision = decisions[name];
      return 'beside' in decision ? [[name, decision.beside] as const] : [];
    }),
  );
  const built =
    missing.length > 0 || beside.size > 0 || settling.benchmark
      ? new Layout(await buildFromSource(settling, missing, beside))
      : undefined;

  const parts = PART_NAMES.map((name): Part => {
    const decision = decisions[name];
    const path = 'path' in decision ? decision.path : (built?.path(name) ?? '');
    return { name, version: versionOf(name), origin: decision.origin, why: decision.why, path };
  });
  const pulumi = parts[0]?.path ?? '';
  const ofBuilt = ({ name, path }: Part): boolean => path === built?.path(name);
  const plugins = built !== undefined && parts.some((part) => isPlugin(part.name) && ofBuilt(part));
  const providers = parts.some((part) => isBridged(part.name) && ofBuilt(part))
    ? built?.terraform
    : // Named where it does not follow from PULUMI_HOME any more.
      plugins
      ? bridgeDownloads(settling.means.environment)
      : undefined;
  return {
    pulumi,
    pathEntries: [dirname(pulumi)],
    parts,
    environment: {
      ...(missing.includes('pulumi') && { PULUMI_SKIP_UPDATE_CHECK: 'true' }),
      ...(plugins && { PULUMI_HOME: built.home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' }),
      ...(providers !== undefined && { PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: providers }),
    },
    ...(built && settling.benchmark && { terraformGithub: built.terraformGithub }),
  };
}

function isPlugin(name: PartName): name is 'github' | 'terraform-provider' {
  return name === 'github' || name === 'terraform-provider';
}

function allOf(decide: (name: BridgedName) => Decision): Providers {
  return { netlify: decide('netlify'), supabase: decide('supabase') };
}

class Decisions {
  readonly #settling: Settling;
  readonly #unreachable: Unreachable;

  constructor(settling: Settling) {
    this.#settling = settling;
    this.#unreachable = new Unreachable(join(settling.cacheFolder, 'unreachable.json'));
    if (settling.again === true) this.#unreachable.clear();
  }

  async all(): Promise<Record<PartName, Decision>> {
    if (this.#settling.mode === 'source') {
      const asked: Decision = { origin: 'source', why: 'building from source was asked for' };
      return { pulumi: asked, 'terraform-provider': asked, github: asked, ...allOf(() => this.#compatible(asked.why)) };
    }
    const pulumi = await this.#cli();
    const plugins = await this.#plugins(pulumi);
    return { pulumi, ...plugins, ...(await this.#providers()) };
  }

  async #cli(): Promise<Decision> {
    const { cacheFolder, means } = this.#settling;
    const found = await findCli(means.environment, cacheFolder);
    if (found.file !== undefined)
      return { origin: 'found', why: `pulumi ${found.version} is on PATH`, path: found.file };
    const official = await this.#official('pulumi');
    if ('failure' in official) return this.#build('pulumi', `${found.reason}, and `, official.failure);
    return { origin: 'official', why: found.reason, path: join(official.folder, 'pulumi', 'pulumi') };
  }

  /** Both plugins stand in one PULUMI_HOME: the user's, when that has both, else one of this project. */
  async #plugins(pulumi: Decision): Promise<Record<'github' | 'terraform-provider', Decision>> {
    const { means } = this.#settling;
    if (!('path' in pulumi)) {
      const decision: Decision = { origin: 'source', why: 'built beside Pulumi, from the same Go module' };
      return { github: decision, 'terraform-provider': decision };
    }
    const path = (name: 'github' | 'terraform-provider'): string =>
      pluginFile(pluginFolder(means.environment), name, versionOf(name));
    if (existsSync(path('github')) && existsSync(path('terraform-provider'))) {
      const found = (name: 'github' | 'terraform-provider'): Decision => ({
        origin: 'found',
        why: 'Pulumi has it already',
        path: path(name),
      });
      return { github: found('github'), 'terraform-provider': found('terraform-provider') };
    }
    return { github: await this.#plugin('github'), 'terraform-provider': await this.#plugin('terraform-provider') };
  }

  async #plugin(name: 'github' | 'terraform-provider'): Promise<Decision> {
    const official = await this.#official(name);
    if ('failure' in official) return this.#build(name, '', official.failure);
    const beside = join(official.folder, basename(pluginFile('', name, versionOf(name))));
    return { origin: 'official', why: 'its release, held to the kept checksum', beside };
  }

  /** The bridge reads one folder for all providers: the user's, when that has them all, else one of this project. */
  async #providers(): Promise<Providers> {
    const { means, cacheFolder } = this.#settling;
    const file = (name: BridgedName): string => providerFile(bridgeDownloads(means.environment), name);
    // Below the cache folder an outer run has put them: compatible ones.
    const found = BRIDGED_NAMES.filter((name) => !file(name).startsWith(cacheFolder) && existsSync(file(name)));
    const why = (name: BridgedName): string => `the bridge has ${BRIDGED[name]}’s own provider`;
    if (found.length === BRIDGED_NAMES.length)
      return allOf((name) => ({ origin: 'found', why: why(name), path: file(name) }));
    const decisions = allOf((name): Decision => ({ origin: 'found', why: why(name), beside: file(name) }));
    for (const name of BRIDGED_NAMES) if (!found.includes(name)) decisions[name] = await this.#provider(name);
    return decisions;
  }

  async #provider(name: BridgedName): Promise<Decision> {
    const official = await this.#official(name);
    if ('failure' in official)
      return this.#settling.mode === 'official'
        ? this.#build(name, '', official.failure)
        : this.#compatible(official.failure);
    const why = `${BRIDGED[name]}’s own provider, held to the kept checksum`;
    return { origin: 'official', why, beside: providerFile(official.folder, name) };
  }

  /** The folder with a part's official archive, downloaded and checked now or before; or why there is none. */
  async #official(part: PartName): Promise<{ readonly folder: string } | { readonly failure: string }> {
    const { cacheFolder, means, report } = this.#settling;
    const { checksums } = archiveOf(part);
    if (means.checksums[checksums] === undefined) return { failure: `no checksum of ${checksums} is kept here` };
    const store = new Store(cacheFolder);
    const key = `official-${part}-${versionOf(part)}`;
    const failure = await this.#unreachable.try(part, async () => {
      if (store.find(key) !== undefined) return;
      report({ kind: 'step', text: `Downloading ${part} ${versionOf(part)}` });
      const waiting = (pid: number): void =>
        report({ kind: 'note', text: `Process ${pid} downloads ${part}; waiting` });
      const get = means.download;
      await store.ensure(key, { waiting }, (folder) =>
        installOfficial(part, { get, checksums: means.checksums, folder }),
      );
    });
    return failure === undefined ? { folder: join(cacheFolder, key) } : { failure };
  }

  #compatible(failure: string): Decision {
    return { origin: 'source', why: `the compatible provider, for loopback only: ${failure}` };
  }

  /** The bridge built from its own module is the same program; of every other part, mode `official` wants the release. */
  #build(part: PartName, before: string, failure: string): Decision {
    if (this.#settling.mode !== 'official' || part === 'terraform-provider')
      return { origin: 'source', why: `${before}its official download cannot be had (${failure})` };
    throw new ToolchainError(
      `The official download of ${part} cannot be had: ${failure}.`,
      'Check the network (a proxy: HTTPS_PROXY), install Pulumi yourself (then `pulumi install`), or use STAGING_TOOLCHAIN=auto or source.',
    );
  }
}
