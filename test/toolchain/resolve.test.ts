import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Store } from '../../toolchain/cache/store.ts';
import { toolchainEnvironment, ToolchainError, type Toolchain } from '../../toolchain/toolchain.ts';
import { providerFile } from '../../toolchain/cache/layout.ts';
import { BRIDGED_NAMES } from '../../toolchain/versions.ts';
import { Machine } from './fixture.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

function origins(toolchain: Toolchain): string[] {
  return toolchain.parts.map((part) => `${part.name} ${part.origin}`);
}

const allFromSource = [
  ...['pulumi source', 'terraform-provider source', 'github source'],
  ...['netlify source', 'supabase source'],
];

describe('without Pulumi and without a way out', () => {
  it('builds everything by one go build and says why', async () => {
    const toolchain = await machine.resolve();
    expect(origins(toolchain)).toEqual(allFromSource);
    expect(machine.builds).toHaveLength(1);
    expect(machine.builds[0]?.programs.map((program) => program.file)).toEqual([
      'pulumi',
      'pulumi-language-nodejs',
      'dynamic',
      'pulumi-resource-github',
      'terraform-provider-netlify',
      'terraform-provider-supabase',
    ]);
    expect(toolchain.parts[0]?.why).toMatch(/no pulumi is on PATH.*cannot be had.*ENOTFOUND/);
    for (const part of toolchain.parts.slice(3))
      expect(part.why).toMatch(/compatible provider, for loopback only.*ENOTFOUND/);
  });

  it('puts every program where the engine and the bridge look for it', async () => {
    const toolchain = await machine.resolve();
    for (const part of toolchain.parts) expect(existsSync(part.path)).toBe(true);
    expect(existsSync(join(dirname(toolchain.pulumi), 'pulumi-language-nodejs'))).toBe(true);
    const plugins = join(toolchain.environment.PULUMI_HOME ?? '', 'plugins');
    expect(readdirSync(plugins).sort()).toEqual(['resource-github-v6.15.0', 'resource-terraform-provider-v1.1.4']);
    const downloads = toolchain.environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? '?';
    const below = (path = '') => (path.startsWith(downloads) ? path.slice(downloads.length) : path);
    expect(toolchain.parts.slice(3).map(({ path }) => below(path))).toEqual([
      expect.stringMatching(
        /^\/registry\.opentofu\.org\/netlify\/netlify\/0\.4\.4\/[a-z]+_[a-z0-9]+\/terraform-provider-netlify_v0\.4\.4$/,
      ),
      expect.stringMatching(
        /^\/registry\.opentofu\.org\/supabase\/supabase\/1\.9\.1\/[a-z]+_[a-z0-9]+\/terraform-provider-supabase_v1\.9\.1$/,
      ),
    ]);
    expect(toolchain.environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe('true');
  });

  it('never writes into the user’s own PULUMI_HOME', async () => {
    const toolchain = await machine.resolve();
    expect(existsSync(machine.home)).toBe(false);
    expect(toolchain.environment.PULUMI_HOME?.startsWith(machine.cache)).toBe(true);
  });

  it('asks the network once, and again when told to', async () => {
    await machine.resolve();
    const asked = machine.downloads.length;
    machine.write(join(machine.module, 'main.go'), 'package main // changed\n');
    await machine.resolve();
    expect(machine.downloads).toHaveLength(asked);
    await machine.resolve('auto', { again: true });
    expect(machine.downloads).toHaveLength(2 * asked);
  });
});

describe('the cache', () => {
  it('makes a warm start a matter of milliseconds, with nothing built or asked', async () => {
    const first = await machine.resolve();
    machine.downloads.length = 0;
    const begin = performance.now();
    expect(await machine.resolve()).toEqual(first);
    expect(performance.now() - begin).toBeLessThan(250);
    expect(machine.builds).toHaveLength(1);
    expect(machine.downloads).toEqual([]);
  });

  it('builds once for two runs at once', async () => {
    const build = machine.builder;
    machine.builder = async (order) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await build(order);
    };
    const [one, two] = await Promise.all([machine.resolve('source'), machine.resolve('source')]);
    expect(machine.builds).toHaveLength(1);
    expect(one).toEqual(two);
    expect(
      machine.events.some((event) => event.kind === 'progress' && event.text.includes(`process ${process.pid}`)),
    ).toBe(true);
  });

  it('builds anew when a program was damaged', async () => {
    const { pulumi } = await machine.resolve('source');
    truncateSync(pulumi, 2);
    await machine.resolve('source');
    expect(machine.builds).toHaveLength(2);
    expect(readFileSync(pulumi, 'utf8')).toBe('built pulumi');
  });

  it('builds anew when a source, a version of a module or a checksum changed, and not for a test', async () => {
    const first = await machine.resolve('source');
    machine.write(join(machine.module, 'main_test.go'), 'package main\n');
    expect(await machine.resolve('source')).toEqual(first);
    for (const file of ['main.go', 'go.mod', 'go.sum']) {
      machine.write(join(machine.module, file), `changed ${file}\n`);
      expect((await machine.resolve('source')).pulumi).not.toBe(first.pulumi);
    }
    expect(machine.builds).toHaveLength(4);
  });

  it('keeps nothing of a build that failed, and builds at the next run', async () => {
    const build = machine.builder;
    machine.builder = () => Promise.reject(new ToolchainError('The disk is full.', 'Free room.'));
    await expect(machine.resolve('source')).rejects.toThrow('The disk is full.\nFree room.');
    expect(readdirSync(machine.cache)).toEqual([]);
    machine.builder = build;
    expect(origins(await machine.resolve('source'))).toEqual(allFromSource);
  });

  it('builds GitHub’s Terraform provider only for the benchmark', async () => {
    expect((await machine.resolve('source')).terraformGithub).toBeUndefined();
    const forBenchmark = await machine.resolve('source', { benchmark: true });
    expect(existsSync(forBenchmark.terraformGithub ?? '')).toBe(true);
  });
});

describe('a Pulumi that is already there', () => {
  it('is used with the plugins it has; only what is missing is built', async () => {
    const pulumi = machine.installPulumi('v3.300.1');
    for (const plugin of [
      'github-v6.15.0/pulumi-resource-github',
      'terraform-provider-v1.1.4/pulumi-resource-terraform-provider',
    ]) {
      machine.write(join(machine.home, 'plugins', `resource-${plugin}`), '');
    }
    const toolchain = await machine.resolve();
    expect(toolchain.pulumi).toBe(pulumi);
    expect(origins(toolchain)).toEqual([
      ...['pulumi found', 'terraform-provider found', 'github found'],
      ...['netlify source', 'supabase source'],
    ]);
    expect(machine.builds[0]?.programs.map((program) => program.file)).toEqual([
      'terraform-provider-netlify',
      'terraform-provider-supabase',
    ]);
    expect(toolchain.environment).not.toHaveProperty('PULUMI_HOME');
  });

  it('has its providers found again when its plugins come from source, in a folder of their own', async () => {
    const downloads = join(machine.home, 'dynamic_tf_plugins');
    for (const name of BRIDGED_NAMES) machine.write(providerFile(downloads, name), '');
    const toolchain = await machine.resolve();
    expect(origins(toolchain).slice(3)).toEqual(['netlify found', 'supabase found']);
    expect(toolchain.environment.PULUMI_HOME).not.toBe(machine.home);
    expect(toolchain.environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR).toBe(downloads);
  });

  it.each(BRIDGED_NAMES)(
    'has its one provider %s copied beside the one that is built: the bridge looks in one folder',
    async (name) => {
      const own = providerFile(join(machine.home, 'dynamic_tf_plugins'), name);
      machine.write(own, 'their own');
      const toolchain = await machine.resolve();
      const copy = toolchain.parts.find((part) => part.name === name);
      expect(copy?.origin).toBe('found');
      const downloads = toolchain.environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? '';
      for (const part of toolchain.parts.slice(3)) expect(part.path.startsWith(downloads)).toBe(true);
      expect(readFileSync(copy?.path ?? '', 'utf8')).toBe('their own');
      expect(machine.builds[0]?.programs.map(({ file }) => file)).not.toContain(`terraform-provider-${name}`);
      machine.write(own, 'a newer build of their own');
      expect(
        readFileSync(
          (await machine.resolve('auto', { again: true })).parts.find((part) => part.name === name)?.path ?? '',
          'utf8',
        ),
      ).toBe('a newer build of their own');
    },
  );

  it('gets both plugins from source when they cannot be downloaded', async () => {
    machine.installPulumi('v3.256.0');
    const toolchain = await machine.resolve();
    expect(origins(toolchain)).toEqual([
      'pulumi found',
      'terraform-provider source',
      'github source',
      'netlify source',
      'supabase source',
    ]);
    expect(toolchain.environment).toHaveProperty('PULUMI_HOME');
  });

  it.each([
    ['v3.255.9', /3\.255\.9; 3\.256\.0 or a later 3\.x is needed/],
    ['v4.0.0', /4\.0\.0; 3\.256\.0/],
    ['', /of no stated version/],
  ])('is passed over when it is %p', async (version, why) => {
    machine.installPulumi(version);
    const toolchain = await machine.resolve();
    expect(toolchain.parts[0]).toMatchObject({ origin: 'source', why: expect.stringMatching(why) as unknown });
  });

  it('is not mistaken for one when this project put it on PATH', async () => {
    const first = await machine.resolve();
    machine.path = dirname(first.pulumi);
    expect(origins(await machine.resolve())).toEqual(allFromSource);
    expect(machine.builds).toHaveLength(1);
  });
});

describe('a cache folder that cannot be written', () => {
  // Below a file: nobody can make a folder there, root neither.
  const cannot = () => join(machine.write(join(machine.folder, 'file'), ''), 'toolchain');

  it.each(['auto', 'source'] as const)(
    'is named before anything is asked or built, with the way out: %s',
    async (mode) => {
      const cacheDir = cannot();
      const failure = await machine.resolve(mode, { cacheDir }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ToolchainError);
      expect((failure as ToolchainError).message).toBe(
        `The cache folder ${cacheDir} cannot be written (ENOTDIR).\nChoose another one by its whole path: XDG_CACHE_HOME=/path/to/a/folder`,
      );
      expect([machine.builds, machine.downloads]).toEqual([[], []]);
    },
  );

  it('is named by whoever keeps something else there', async () => {
    const filled: string[] = [];
    const ensured = new Store(cannot()).ensure('key', { waiting: () => undefined }, (draft) => {
      filled.push(draft);
      return Promise.resolve();
    });
    await expect(ensured).rejects.toThrow(ToolchainError);
    expect(filled).toEqual([]);
  });
});

describe('the environment of a child', () => {
  it('has the toolchain’s folders first on PATH and keeps the rest', async () => {
    const toolchain = await machine.resolve('source');
    const environment = toolchainEnvironment(toolchain, { PATH: '/usr/bin', OTHER: 'kept' });
    expect(environment.PATH).toBe(`${dirname(toolchain.pulumi)}:/usr/bin`);
    expect(environment.OTHER).toBe('kept');
    expect(environment.PULUMI_HOME).toBe(toolchain.environment.PULUMI_HOME);
  });
});
