import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pulumiHome } from '../../sandbox/stack/pulumiHome.ts';

let folder: string;
const dir = () => join(folder, 'sandbox');

/** A PULUMI_HOME with one plugin. */
function homeWith(plugin: string): string {
  const home = join(folder, plugin);
  mkdirSync(join(home, 'plugins'), { recursive: true });
  writeFileSync(join(home, 'plugins', plugin), '');
  return home;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulumi-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the sandbox’s own PULUMI_HOME', () => {
  it('is in the sandbox, for this user alone, and has the plugins of the given one', () => {
    const given = homeWith('github');
    const environment = pulumiHome(dir(), { PULUMI_HOME: given });
    expect(environment).toEqual({
      PULUMI_HOME: join(dir(), 'pulumi'),
      PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: join(given, 'dynamic_tf_plugins'),
    });
    expect(readdirSync(join(dir(), 'pulumi', 'plugins'))).toEqual(['github']);
    expect(lstatSync(join(dir(), 'pulumi')).mode & 0o777).toBe(0o700);
  });

  it('has those of the user’s own folder when the environment names none, and keeps a folder of providers that is named', () => {
    const environment = pulumiHome(dir(), { PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: '/cache/terraform' });
    expect(environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR).toBe('/cache/terraform');
    expect(readlinkSync(join(dir(), 'pulumi', 'plugins'))).toMatch(/[\\/]\.pulumi[\\/]plugins$/);
  });

  it('follows another toolchain, and is left alone by the same one', () => {
    pulumiHome(dir(), { PULUMI_HOME: homeWith('old') });
    const given = homeWith('new');
    pulumiHome(dir(), { PULUMI_HOME: given });
    pulumiHome(dir(), { PULUMI_HOME: given });
    expect(readdirSync(join(dir(), 'pulumi', 'plugins'))).toEqual(['new']);
    expect(readdirSync(join(dir(), 'pulumi')).sort()).toEqual(['logs', 'plugins']);
  });

  it('has a file where Pulumi would keep its logs', () => {
    pulumiHome(dir(), { PULUMI_HOME: homeWith('github') });
    expect(lstatSync(join(dir(), 'pulumi', 'logs')).isFile()).toBe(true);
  });
});
