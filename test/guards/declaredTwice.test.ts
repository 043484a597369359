import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { refuseDeclaredTwice } from '../../guards/declaredTwice.ts';
import { SettingsError } from '../../settings/settings.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { fixtureRoot } from '../support/fixture.ts';
import { strictMocks } from '../support/mocks.ts';

const { warn } = pulumi.log;
const warned: string[] = [];
let root: string;
beforeEach(async () => {
  await strictMocks([]);
  warned.length = 0;
  root = mkdtempSync(join(tmpdir(), 'stacks-'));
  for (const file of ['Pulumi.yaml', 'Pulumi.staging.yaml']) copyFileSync(join(fixtureRoot, file), join(root, file));
  jest.spyOn(process, 'cwd').mockReturnValue(root);
  Object.assign(pulumi.log, { warn: (message: string) => Promise.resolve(void warned.push(message)) });
});
afterEach(() => {
  jest.restoreAllMocks();
  Object.assign(pulumi.log, { warn });
  rmSync(root, { recursive: true });
});

const refusal = () =>
  refuseDeclaredTwice(fileSettings(root, 'staging', {})).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a stack beside others', () => {
  it('goes on where it is the only one', async () => {
    expect(await refusal()).toBeUndefined();
    expect(warned).toEqual([]);
  });

  it('is refused where another one declares the same, by its own file', async () => {
    writeFileSync(join(root, 'Pulumi.qa.yaml'), readFileSync(join(root, 'Pulumi.staging.yaml')));
    const error = await refusal();
    expect(error).toBeInstanceOf(SettingsError);
    expect(String(error)).toContain('Pulumi.staging.yaml');
    expect(String(error)).toContain('SUPABASE_URL (netlify): Pulumi.qa.yaml declares it on the same site');
  });

  it('goes on with a warning beside a file that cannot be read: nobody knows what it declares', async () => {
    writeFileSync(join(root, 'Pulumi.qa.yaml'), 'config: [');
    expect(await refusal()).toBeUndefined();
    expect(warned).toEqual([
      expect.stringMatching(/^Another stack’s file is not compared with this one\. .*Pulumi\.qa\.yaml/),
    ]);
  });
});
