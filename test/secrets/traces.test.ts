import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from '@jest/globals';
import { dropDebugMessages, refuseTraces, tellingTraces } from '../../secrets/traces.ts';

describe('what makes a run log values', () => {
  it.each([
    [['up', '-v=9', '--logtostderr'], ['-v=9']],
    [['up', '-v9'], ['-v=9']],
    [['up', '-v', '5'], ['-v=5']],
    [['preview', '--verbose=11', '--yes'], ['-v=11']],
    [['preview', '--verbose', '7'], ['-v=7']],
    [['up', '-v=4'], []],
    [['up', '--yes', '--logflow', '--debug'], []],
    [['preview', '-v'], []],
    [['config', 'set', 'v', '9'], []],
    [[], []],
  ] as const)('in the command line %p: %p', (args, expected) => {
    expect(tellingTraces({}, args)).toEqual(expected);
  });

  it.each([
    [{ PULUMI_OPTION_VERBOSE: '9' }, ['-v=9']],
    [{ PULUMI_OPTION_VERBOSE: '3' }, []],
    [{ PULUMI_OPTION_VERBOSE: '' }, []],
    [{ TF_LOG: 'TRACE' }, ['TF_LOG=TRACE']],
    [{ TF_LOG: 'json', TF_LOG_PROVIDER: 'debug' }, ['TF_LOG=json', 'TF_LOG_PROVIDER=debug']],
    [{ TF_LOG: 'off', TF_LOG_SDK: 'error', TF_LOG_PATH: '/tmp/trace' }, []],
    [{ PULUMI_DEBUG_GRPC: '/tmp/calls.json' }, ['PULUMI_DEBUG_GRPC']],
  ] as const)('in the environment %p: %p', (env, expected) => {
    expect(tellingTraces(env, [])).toEqual(expected);
  });

  it('is the louder of both', () => {
    expect(tellingTraces({ PULUMI_OPTION_VERBOSE: '6' }, ['up', '-v=9'])).toEqual(['-v=9']);
  });
});

describe('a run that would log values', () => {
  const loud = () => ['up', '-v=9'];

  it('is refused, by an error that names what was asked for and the ways out', () => {
    expect(() => refuseTraces({ TF_LOG: 'TRACE' }, loud)).toThrow(
      /before anything was changed: with -v=9 and TF_LOG=TRACE .* -v=4 or less.*STAGING_TRACES=allow/,
    );
  });

  it('is let by STAGING_TRACES=allow, and by nothing else', () => {
    expect(() => refuseTraces({ STAGING_TRACES: 'allow', TF_LOG: 'TRACE' }, loud)).not.toThrow();
    for (const STAGING_TRACES of ['', 'true', 'Allow']) expect(() => refuseTraces({ STAGING_TRACES }, loud)).toThrow();
  });

  it('is not this one: no pulumi runs the tests', () => {
    expect(() => refuseTraces({})).not.toThrow();
  });
});

describe('the SDK’s debug messages', () => {
  it('are dropped: they hold the values of every resource', async () => {
    const { debug } = pulumi.log;
    try {
      dropDebugMessages();
      expect(pulumi.log.debug).not.toBe(debug);
      await expect(pulumi.log.debug('RegisterResource RPC finished')).resolves.toBeUndefined();
    } finally {
      Object.assign(pulumi.log, { debug });
    }
  });
});
