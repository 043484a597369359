import * as pulumi from '@pulumi/pulumi';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProductionWrites } from '../../guards/productionWrites.ts';

const { warn } = pulumi.log;
const warned: string[] = [];
beforeEach(() => {
  warned.length = 0;
  delete process.env.STAGING_PRODUCTION_CHANGES;
  Object.assign(pulumi.log, { warn: (message: string) => Promise.resolve(void warned.push(message)) });
});
afterEach(() => {
  Object.assign(pulumi.log, { warn });
  jest.restoreAllMocks();
});
const preview = (is: boolean) => void jest.spyOn(pulumi.runtime, 'isDryRun').mockReturnValue(is);
const writes = (inFile: 'refuse' | 'allow') => new ProductionWrites('netlify.productionChanges', inFile);
const takeOut = 'pulumi config rm --path allincompassing:netlify.productionChanges --stack staging';

describe('a run that may change what production reads', () => {
  it('announces each write once, with its contexts and who allows it', async () => {
    const given = writes('allow');
    expect(given.areAllowed).toBe(true);
    await given.announce('KEY', [{ contexts: ['production', 'dev'] }, { contexts: ['production'] }]);
    await given.announce('OTHER', []);
    expect(warned).toEqual([
      'THIS RUN WRITES PRODUCTION: KEY (production, dev). Allowed by netlify.productionChanges in the stack’s file.',
    ]);
  });

  it('says after the update which keys were written, and how to take the permission out', async () => {
    preview(false);
    const given = writes('allow');
    await given.announce('KEY', [{ contexts: ['production'] }]);
    await given.announce('OTHER', [{ contexts: ['production'] }]);
    warned.length = 0;
    await given.close('staging', true);
    expect(warned).toEqual([`PRODUCTION WAS WRITTEN: KEY, OTHER. Take netlify.productionChanges out: ${takeOut}`]);
  });

  it('does not say so in a preview, which writes nothing', async () => {
    preview(true);
    const given = writes('allow');
    await given.announce('KEY', [{ contexts: ['production'] }]);
    warned.length = 0;
    await given.close('staging', true);
    expect(warned).toEqual([]);
  });

  it('says that a permission in the file is in vain, where the vault was read', async () => {
    await writes('allow').close('staging', true);
    expect(warned).toEqual([`No write of this run needs netlify.productionChanges: allow. Take it out: ${takeOut}`]);
    warned.length = 0;
    await writes('allow').close('staging', false);
    expect(warned).toEqual([]);
  });

  it('has nothing to take out where this run’s environment allows it', async () => {
    preview(false);
    process.env.STAGING_PRODUCTION_CHANGES = 'allow';
    const given = writes('allow');
    await given.announce('KEY', [{ contexts: ['production'] }]);
    expect(warned).toEqual(['THIS RUN WRITES PRODUCTION: KEY (production). Allowed by this run’s environment.']);
    warned.length = 0;
    await given.close('staging', true);
    expect(warned).toEqual([]);
  });
});

describe('a run that may not', () => {
  it('announces nothing, and has nothing to say at its end', async () => {
    preview(false);
    const given = writes('refuse');
    expect(given.areAllowed).toBe(false);
    await given.announce('KEY', [{ contexts: ['production'] }]);
    await given.close('staging', true);
    expect(warned).toEqual([]);
  });
});
