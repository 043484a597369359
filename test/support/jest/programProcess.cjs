// Runs this project's program for the engine within one process, as the SDK's own automation does with inline programs: the
// engine gets its address (`--client`) and starts no language host and no Node of its own, which cost it seconds a run. Each
// run gets the program's modules anew; the SDK and 1Password's stay.
// Over its channel it takes { id, env, cwd, bundle } and answers { id, address }; after { id, ended } it answers { id, idle }.
'use strict';
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

require('../../../launch/speed/program.cjs');
const pulumi = require('@pulumi/pulumi');
const sdk = join(require.resolve('@pulumi/pulumi/package.json'), '..');
// The SDK's own: a server of another version would not take its messages.
const grpc = createRequire(join(sdk, 'package.json'))('@grpc/grpc-js');
const { LanguageServer } = require(join(sdk, 'automation', 'server.js'));
const { defaultErrorMessage } = require(join(sdk, 'cmd', 'run', 'error.js'));
const { LocalStore } = require(join(sdk, 'runtime', 'state.js'));
const { RunResponse } = require(join(sdk, 'proto', 'language_pb.js'));
const { LanguageRuntimeService } = require(join(sdk, 'proto', 'language_grpc_pb.js'));

const { fetch } = globalThis;
const log = { ...pulumi.log };
/** The run that the engine may ask for now; `failed` takes its errors while it runs. */
let current;

/** Makes folder and environment the run's own, and takes back what the last program has changed. */
function settle({ cwd, env }) {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  globalThis.fetch = fetch;
  Object.assign(pulumi.log, log);
  // What the SDK knows of a run. A run's own callbacks find it here, outside of the calls that a store could follow.
  globalThis.globalStore = new LocalStore();
}

/** Prints an error of the program as the SDK's own runner does. */
function sayError(error) {
  if (pulumi.RunError.isInstance(error)) return pulumi.log.error(error.message);
  if (pulumi.ResourceError.isInstance(error)) {
    return pulumi.log.error(error.hideStack ? error.message : defaultErrorMessage(error), error.resource);
  }
  return pulumi.log.error(
    `Running program '${current.cwd}' failed with an unhandled exception:\n${defaultErrorMessage(error)}`,
  );
}

/** Runs the program to its end with what the engine asks; yields whether it failed, with its errors printed. */
async function runProgram(request, run) {
  const { resetOptions, setAllConfig, runInPulumiStack, disconnect } = pulumi.runtime;
  const [engine = ''] = request.getArgsList();
  resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
  const seen = new Set();
  run.failed = (error) => {
    if (!seen.has(error)) void sayError(error);
    seen.add(error);
  };
  try {
    delete require.cache[run.bundle];
    await runInPulumiStack(require(run.bundle).default);
  } catch (error) {
    if (current === run) run.failed(error);
  }
  // A run that the engine has given up may end late: the connections are no longer its own.
  if (current !== run) return true;
  await disconnect(seen.size === 0);
  run.failed = undefined;
  return seen.size > 0 || pulumi.log.hasErrors();
}

class Language extends LanguageServer {
  run({ request }, callback) {
    const response = new RunResponse();
    void runProgram(request, current)
      .then((failed) => response.setBail(failed))
      .catch((error) => response.setError(defaultErrorMessage(error)))
      .then(() => callback(undefined, response));
  }
}

/**
 * Ends a run; yields whether the next one may come here. A program waits for ever for the answers of an engine that has ended
 * (a process of its own would end there); one that waits for anything else is not to be trusted.
 */
async function end(run) {
  const idle = () => run.failed === undefined || globalThis.globalStore.terminated;
  // The SDK sees within moments that the engine is gone.
  for (let turn = 0; turn < 50 && !idle(); turn += 1) await sleep(10);
  pulumi.runtime.disconnectSync();
  current = undefined;
  return idle();
}

const server = new grpc.Server(pulumi.runtime.grpcChannelOptions);
server.addService(LanguageRuntimeService, new Language(undefined));
const address = new Promise((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(`127.0.0.1:${port}`),
  );
});

process.on('message', ({ id, ended, ...run }) => {
  if (ended) {
    void end(current).then((idle) => process.send({ id, idle }));
    return;
  }
  current = run;
  settle(run);
  void address.then((address) => process.send({ id, address }));
});
process.on('disconnect', () => process.exit());
// Between two runs, they are of one that has ended.
process.on('uncaughtException', (error) => current?.failed?.(error));
process.on('unhandledRejection', (error) => current?.failed?.(error));
