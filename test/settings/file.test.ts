import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { fileSettings } from '../../settings/file.ts';

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
    ['config:\n  a: canary\n  a: canary\n', 'line 3, column 3 is not YAML: duplicate key'],
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
