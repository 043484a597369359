import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildFromSource } from './fromSource.ts';
import { bridgeDownloads, findCli, pluginFile, pluginFolder } from './installed.ts';
import { Layout, netlifyFile } from './layout.ts';
import { expectedChecksum, installCli, probeNetlify, type Download } from './official.ts';
import type { GoBuilder } from './goBuild.ts';
import { Store } from './store.ts';
import { ToolchainError, type Mode, type Part, type Report, type Toolchain } from './toolchain.ts';
import { Unreachable } from './unreachable.ts';
import { PART_NAMES, VERSIONS, versionOf, type PartName } from './versions.ts';

export interface Settling {
  readonly mode: Mode;
  readonly report: Report;
  readonly module: string;
  readonly cacheFolder: string;
  readonly benchmark: boolean;
  readonly again?: boolean;
  readonly means: {
    readonly build: GoBuilder;
    readonly download: Download;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
  };
}

/** A part that is there, or the reason why it has to be built. */
type Decision = Omit<Part, 'name' | 'version'> | { readonly origin: 'source'; readonly why: string };

/** How long Pulumi may take to download a plugin. */
const PLUGIN_MS = 5 * 60_000;

/** Decides part by part, builds what is left over in one go, and describes the result. */
export async function settle(settling: Settling): Promise<Toolchain> {
  const decisions = await new Decisions(settling).all();
  const missing = PART_NAMES.filter((name) => decisions[name].origin === 'source');
  const built =
    missing.length > 0 || settling.benchmark ? new Layout(await buildFromSource(settling, missing)) : undefined;

  const parts = PART_NAMES.map((name): Part => {
    const decision = decisions[name];
    const path = 'path' in decision ? decision.path : (built?.path(name) ?? '');
    return { name, version: versionOf(name), origin: decision.origin, why: decision.why, path };
  });
  const pulumi = parts[0]?.path ?? '';
  const plugins = missing.includes('github') || missing.includes('terraform-provider');
  return {
    pulumi,
    pathEntries: [dirname(pulumi)],
    parts,
    environment: {
      ...(missing.includes('pulumi') && { PULUMI_SKIP_UPDATE_CHECK: 'true' }),
      ...(built && plugins && { PULUMI_HOME: built.home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' }),
      // Named where it does not follow from PULUMI_HOME: that one may just have been moved.
      ...(built && missing.includes('netlify') && { PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: built.terraform }),
      ...(built &&
        plugins &&
        !missing.includes('netlify') && {
          PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: bridgeDownloads(settling.means.environment),
        }),
    },
    ...(built && settling.benchmark && { terraformGithub: built.terraformGithub }),
  };
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
      return { pulumi: asked, 'terraform-provider': asked, github: asked, netlify: this.#compatible(asked.why) };
    }
    const pulumi = await this.#cli();
    const plugins = await this.#plugins(pulumi);
    return { pulumi, ...plugins, netlify: await this.#netlify() };
  }

  async #cli(): Promise<Decision> {
    const { cacheFolder, means, report } = this.#settling;
    const found = await findCli(means.environment, cacheFolder);
    if (found.file !== undefined)
      return { origin: 'found', why: `pulumi ${found.version} is on PATH`, path: found.file };
    const store = new Store(cacheFolder);
    const key = `official-pulumi-${VERSIONS.pulumi}`;
    const failure = await this.#unreachable.try('pulumi', async () => {
      if (store.find(key) !== undefined) return;
      await expectedChecksum(means.download); // says quickly whether there is a way out
      report({ kind: 'step', text: `Downloading Pulumi ${VERSIONS.pulumi}` });
      const waiting = (pid: number): void => report({ kind: 'note', text: `Process ${pid} downloads Pulumi; waiting` });
      await store.ensure(key, { waiting }, (draft) => installCli(means.download, draft));
    });
    if (failure !== undefined) return this.#build('Pulumi’s official download', `${found.reason}, and`, failure);
    return { origin: 'official', why: found.reason, path: join(cacheFolder, key, 'pulumi', 'pulumi') };
  }

  /** Both plugins come the same way, because they share one PULUMI_HOME. */
  async #plugins(pulumi: Decision): Promise<Record<'github' | 'terraform-provider', Decision>> {
    if (!('path' in pulumi)) {
      const decision: Decision = { origin: 'source', why: 'built beside Pulumi, from the same Go module' };
      return { github: decision, 'terraform-provider': decision };
    }
    const environment = this.#settling.means.environment;
    const path = (name: 'github' | 'terraform-provider'): string =>
      pluginFile(pluginFolder(environment), name, versionOf(name));
    const names = ['github', 'terraform-provider'] as const;
    const absent = names.filter((name) => !existsSync(path(name)));
    const failure = absent.length === 0 ? undefined : await this.#install(pulumi.path, absent);
    const decide = (name: (typeof names)[number]): Decision => {
      if (failure !== undefined) return this.#build(`the ${name} plugin’s official download`, '', failure);
      if (absent.includes(name)) return { origin: 'official', why: 'Pulumi downloaded it', path: path(name) };
      return { origin: 'found', why: 'Pulumi has it already', path: path(name) };
    };
    return { github: decide('github'), 'terraform-provider': decide('terraform-provider') };
  }

  /** Has Pulumi download plugins to the user's PULUMI_HOME, as it would by itself when it needs them. */
  async #install(pulumi: string, names: readonly PartName[]): Promise<string | undefined> {
    const { means, report } = this.#settling;
    return await this.#unreachable.try(`plugins ${names.join(' ')}`, async () => {
      await expectedChecksum(means.download);
      for (const name of names) {
        report({ kind: 'step', text: `Downloading the Pulumi plugin ${name} ${versionOf(name)}` });
        const args = ['plugin', 'install', 'resource', name, versionOf(name), '--non-interactive'];
        await promisify(execFile)(pulumi, args, { timeout: PLUGIN_MS, env: means.environment });
      }
    });
  }

  async #netlify(): Promise<Decision> {
    const { means } = this.#settling;
    const file = netlifyFile(bridgeDownloads(means.environment));
    const ours = file.startsWith(this.#settling.cacheFolder); // put there by an outer run: the compatible one
    if (!ours && existsSync(file)) return { origin: 'found', why: 'the bridge has Netlify’s own provider', path: file };
    const failure = await this.#unreachable.try('netlify', () => probeNetlify(means.download));
    if (failure === undefined) {
      return { origin: 'official', why: 'Netlify’s own provider; the bridge downloads it when needed', path: file };
    }
    if (this.#settling.mode === 'official') return this.#build('registry.opentofu.org', '', failure);
    return this.#compatible(`registry.opentofu.org cannot be reached (${failure})`);
  }

  #compatible(why: string): Decision {
    return { origin: 'source', why: `the compatible provider, for loopback only: ${why}` };
  }

  #build(what: string, before: string, failure: string): Decision {
    if (this.#settling.mode === 'official') {
      throw new ToolchainError(
        `${what} cannot be had: ${failure}.`,
        'Check the network (a proxy: HTTPS_PROXY), install Pulumi yourself, or use STAGING_TOOLCHAIN=auto or source.',
      );
    }
    return { origin: 'source', why: `${before} ${what} cannot be reached (${failure})`.trim() };
  }
}
