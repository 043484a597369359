import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { committedText, configurationFile, fileSettings } from '../../settings/stack/file.ts';

describe('a stack’s file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-file-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('that is not there is named', () => {
    expect(() => fileSettings(folder, 'nope')).toThrow(
      `The stack's configuration has a problem (Pulumi.nope.yaml):\n  - there is no such file in ${folder}`,
    );
  });

  it('with wrong settings is named', () => {
    writeFileSync(join(folder, 'Pulumi.other.yaml'), 'config:\n  allincompassing:organizationId: acme\n');
    expect(() => fileSettings(folder, 'other')).toThrow('problems (Pulumi.other.yaml):');
  });

  it.each([
    ['config:\n  a: [canary\n', 'line 3, column 1 is not YAML: '],
    ['config:\n  a: canary\n  a: canary\n', 'line 3, column 3 has a key for the second time (a): take one out'],
    ['config: *canary\n', 'is not YAML: an alias without its anchor'],
    ['canary\n', 'holds no settings'],
    ['config: !canary canary\n', 'is missing'],
  ])('that cannot be read says where and why, and never what stands there: %j', (text, reason) => {
    writeFileSync(join(folder, 'Pulumi.broken.yaml'), text);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const read = () => fileSettings(folder, 'broken');
    expect(read).toThrow(reason);
    expect(read).not.toThrow(/canary/);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe('a setting that steers a provider past everything else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steered-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is refused in the stack’s file, encrypted too, and in the project’s', () => {
    writeFileSync(
      join(folder, 'Pulumi.staging.yaml'),
      'config:\n  netlify:endpoint: http://canary\n  github:token:\n    secure: canary\n  github:owner: acme\n',
    );
    writeFileSync(join(folder, 'Pulumi.yaml'), 'name: p\nconfig:\n  github:baseUrl:\n    value: http://canary\n');
    const read = () => fileSettings(folder, 'staging', { GITHUB_ORGANIZATION: 'canary' });
    expect(read).toThrow(/4 problems[^]*netlify:endpoint: [^]*github:token: [^]*github:baseUrl: [^]*github:owner: /);
    expect(read).not.toThrow(/canary/);
  });
});

describe('the file that pulumi reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chosen-file-'));
  const beside = join(folder, 'Pulumi.staging.yaml');
  const other = join(folder, 'copy', 'Pulumi.staging.yaml');
  const chosen = { PULUMI_OPTION_CONFIG_FILE: other };
  afterEach(() => {
    delete process.env.PULUMI_OPTION_CONFIG_FILE;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['the one beside Pulumi.yaml', {}, beside],
    ['the one beside Pulumi.yaml when the variable is empty', { PULUMI_OPTION_CONFIG_FILE: '' }, beside],
    ['the one that the variable names', chosen, other],
    ['from where the command runs', { PULUMI_OPTION_CONFIG_FILE: 'x/y.yaml' }, join(process.cwd(), 'x', 'y.yaml')],
  ])('is %s', (_, env, file) => {
    expect(configurationFile(folder, 'staging', env)).toBe(file);
  });

  it('is where the settings come from, and is named by its whole path; the committed one can still be read', () => {
    writeFileSync(beside, '# committed\nconfig:\n  allincompassing:organizationId: beside\n');
    expect(() => fileSettings(folder)).toThrow('(Pulumi.staging.yaml):');
    process.env.PULUMI_OPTION_CONFIG_FILE = other;
    expect(() => fileSettings(folder)).toThrow(`(${other}):\n  - there is no such file in ${join(folder, 'copy')}`);
    mkdirSync(join(folder, 'copy'));
    writeFileSync(other, 'config:\n  allincompassing:frobnicate: 1\n');
    expect(() => fileSettings(folder)).toThrow(`problems (${other}):`);
    expect(() => fileSettings(folder)).toThrow('frobnicate');
    expect(() => fileSettings(folder, 'staging', {})).toThrow('(Pulumi.staging.yaml):');
    expect(committedText(folder)).toContain('# committed');
  });
});
