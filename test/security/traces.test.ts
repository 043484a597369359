import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from '@jest/globals';
import { dropDebugMessages, refuseTraces, revealingTraces } from '../../secrets/traces.ts';
import { readFlags } from '../../secrets/traces/flags.ts';

const run = (args: readonly string[], env: Record<string, string> = {}) => ({ args, env });
const asked = (args: readonly string[]) => revealingTraces({}, run(args));

describe('what makes a run log values', () => {
  it.each([
    [['up', '-v=9', '--logtostderr'], ['-v=9']],
    [['up', '-v9'], ['-v=9']],
    [['up', '-v', '5'], ['-v=5']],
    [['preview', '--verbose=11', '--yes'], ['-v=11']],
    [['preview', '--verbose', '7'], ['-v=7']],
    // Letters in a row.
    [['up', '-yv9'], ['-v=9']],
    [['preview', '-dv=9'], ['-v=9']],
    [['up', '-ydv', '9'], ['-v=9']],
    [['up', '-yfrv9'], ['-v=9']],
    // What Go reads as a number: hexadecimal, octal, binary, with signs and underscores, and what is too large for it.
    [['up', '--verbose=0x9'], ['-v=0x9']],
    [['up', '-v=011'], ['-v=011']],
    [['up', '-v=0b1001'], ['-v=0b1001']],
    [['up', '-v=+9'], ['-v']],
    [['up', '-v=1_0'], ['-v=1_0']],
    [['up', '-v', '99999999999999999999'], ['-v']],
    // Before the command, and given twice.
    [['-v', '9', 'up'], ['-v=9']],
    [['up', '-v=9', '-v=0'], ['-v=9']],
    // Other ways to a trace or to a value.
    [['up', '--tracing=file:/tmp/trace'], ['--tracing']],
    [['up', '--tracing', 'https://user:word@collector'], ['--tracing']],
    [['up', '--otel-traces=file:///tmp/traces'], ['--otel-traces']],
    [['up', '--tracing-header', 'x'], ['--tracing-header']],
    [['up', '--profiling=p'], ['--profiling']],
    [['up', '--show-secrets'], ['--show-secrets']],
    [['preview', '--show-secrets=true'], ['--show-secrets']],
    [['up', '--attach-debugger'], ['--attach-debugger']],
    [['up', '--some-new-flag', '--yes'], ['--some-new-flag']],
    [['up', '-Z'], ['-Z']],
    // The engine's parser takes the sign for the value.
    [['up', '-v='], ['-v']],
  ] as const)('in the command line %p: %p', (args, expected) => {
    expect(asked(args)).toEqual(expected);
  });

  it.each([
    [['up', '-v=4', '--logtostderr', '--logflow']],
    [['up', '-v', '0']],
    [['up', '--yes', '--logflow', '--debug', '--refresh', '-p', '4']],
    [['preview', '-v']],
    [['preview', '--show-secrets=false', '--tracing=']],
    [['up', '-m', '-v=9']],
    [['up', '--message', '--verbose=9', '--yes']],
    [['up', '-yfm-v9']],
    [['up', '-c', 'allincompassing:x=-v9', '--target', '**netlify-A', '--suppress-permalink', '--plan=p', '-x', 'u']],
    [['up', '--', '-v=9']],
    [['up', '--otel-traces=', '--profiling=', '--expect-no-changes', '--show-sames', '--target-replace', 'u', '-']],
    [['config', 'set', 'v', '9']],
    [[]],
  ] as const)('is not in the command line %p', (args) => {
    expect(asked(args)).toEqual([]);
  });

  it.each([
    [{ PULUMI_OPTION_VERBOSE: '9' }, ['PULUMI_OPTION_VERBOSE=9']],
    [{ PULUMI_OPTION_VERBOSE: '0x9' }, ['PULUMI_OPTION_VERBOSE=0x9']],
    [{ PULUMI_OPTION_VERBOSE: ' 9' }, ['PULUMI_OPTION_VERBOSE']],
    [{ PULUMI_OPTION_TRACING: 'file:./trace' }, ['PULUMI_OPTION_TRACING']],
    [{ PULUMI_OPTION_OTEL_TRACES: 'grpc://host' }, ['PULUMI_OPTION_OTEL_TRACES']],
    [{ PULUMI_OPTION_SHOW_SECRETS: 'true' }, ['PULUMI_OPTION_SHOW_SECRETS=true']],
    [{ PULUMI_OPTION_SHOW_SECRETS: '1' }, ['PULUMI_OPTION_SHOW_SECRETS=1']],
    [{ Pulumi_Option_Verbose: '9' }, ['PULUMI_OPTION_VERBOSE=9']],
    [{ TF_LOG: 'TRACE' }, ['TF_LOG=TRACE']],
    [{ TF_LOG: '1' }, ['TF_LOG=1']],
    [{ TF_LOG: 'warning' }, ['TF_LOG=warning']],
    [{ TF_LOG: ' error' }, ['TF_LOG']],
    [{ TF_LOG: 'json', TF_LOG_PROVIDER: 'debug' }, ['TF_LOG=json', 'TF_LOG_PROVIDER=debug']],
    [{ TF_LOG_SDK_PROTO: 'yes', TF_LOG_PROVIDER_NETLIFY: '2' }, ['TF_LOG_SDK_PROTO=yes', 'TF_LOG_PROVIDER_NETLIFY=2']],
    [{ TF_ACC_LOG_PATH: '/tmp/log' }, ['TF_ACC_LOG_PATH']],
    [{ PULUMI_DEBUG_GRPC: '/tmp/calls.json' }, ['PULUMI_DEBUG_GRPC']],
    [{ PULUMI_DEBUG_PROVIDERS: 'netlify:12345' }, ['PULUMI_DEBUG_PROVIDERS']],
    [{ PULUMI_DEBUG_LANGUAGES: 'nodejs:12345' }, ['PULUMI_DEBUG_LANGUAGES']],
    [{ NODE_DEBUG: 'stream' }, ['NODE_DEBUG=stream']],
    [{ NODE_DEBUG_NATIVE: 'http2' }, ['NODE_DEBUG_NATIVE=http2']],
    [{ GODEBUG: 'netdns=go,http2debug=2' }, ['GODEBUG']],
  ] as const)('in the environment %p: %p', (env, expected) => {
    expect(revealingTraces(env)).toEqual(expected);
  });

  it.each([
    { PULUMI_OPTION_VERBOSE: '3' },
    { PULUMI_OPTION_VERBOSE: '', TF_LOG: '' },
    { MY_TF_LOG: 'trace', MY_NODE_DEBUG: 'x', OTHER: 'http2debug=2' },
    { PULUMI_OPTION_DEBUG: 'true', PULUMI_OPTION_CONFIG_FILE: '/p/x.yaml', PULUMI_OPTION_POLICY_PACK: 'a,b' },
    { TF_LOG: 'off', TF_LOG_SDK: 'Error', TF_LOG_CORE: 'WARN', TF_LOG_PATH: '/tmp/trace' },
    { PULUMI_DEBUG_COMMANDS: 'true', PULUMI_DEBUG_PROMISE_LEAKS: 'true' },
    { GODEBUG: 'netdns=go,http2debug=0' },
    // The engine's own: it gives its plugins the address of its sealed log.
    { PULUMI_LOG_OTLP_ENDPOINT: '127.0.0.1:1' },
  ])('is not in the environment %p', (env) => {
    expect(revealingTraces(env)).toEqual([]);
  });

  it('is an address in the engine’s own environment to which it sends all that it logs', () => {
    const env = { PULUMI_LOG_OTLP_ENDPOINT: 'collector:4317' };
    expect(revealingTraces({}, run(['up'], env))).toEqual(['PULUMI_LOG_OTLP_ENDPOINT']);
    expect(revealingTraces({}, run(['up'], { PULUMI_LOG_OTLP_ENDPOINT: '', PATH: '/bin' }))).toStrictEqual([]);
  });
});

describe('a command line', () => {
  it('is read as the engine reads it: a value is the rest of its word, what follows `=`, or the next word', () => {
    expect(readFlags(['up', '-ysdev', '--diff', '--target=a=b', '-p', '4', 'word', '--', '-d'])).toEqual([
      { name: 'yes', value: '' },
      { name: 'stack', value: 'dev' },
      { name: 'diff', value: '' },
      { name: 'target', value: 'a=b' },
      { name: 'parallel', value: '4' },
    ]);
  });
});

describe('a run that would log values', () => {
  const loud = () => run(['up', '-v=9']);

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
