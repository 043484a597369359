// Keeps a few processes that run this project's commands and its program, for all test files of a worker. It is loaded by
// Node itself (`nodeRequire`): jest gives each test file its modules anew.
'use strict';
const { fork } = require('node:child_process');
const { join } = require('node:path');
const { bundle } = require('../../../launch/bundle.cjs');

/** What Node reads at its start alone: a process serves only runs that have the same. */
const atStart = /^(NODE_.*|SSL_CERT_.*|.*_proxy|TZ)$/i;
/** More at once get a process each. */
const most = 3;
const root = join(__dirname, '..', '..', '..');
const idle = [];
let next = 0;

function start(script, key, env) {
  const child = fork(join(__dirname, script), [], {
    cwd: root,
    execPath: join(root, 'node_modules', '.bin', 'node'),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { key, child };
}

/** An idle process of the script for such an environment, or a new one. */
function take(script, env) {
  const atItsStart = Object.entries(env).filter(([name]) => atStart.test(name));
  const key = JSON.stringify([script, ...atItsStart.sort()]);
  const at = idle.findIndex((each) => each.key === key && each.child.connected);
  const [found] = at === -1 ? [] : idle.splice(at, 1);
  const taken = found ?? start(script, key, env);
  taken.child.ref();
  taken.child.channel?.ref();
  return taken;
}

/** Keeps it for the next run. Nothing waits for an idle process. */
function giveBack(taken) {
  taken.child.unref();
  taken.child.channel?.unref();
  idle.push(taken);
  while (idle.length > most) idle.shift().child.kill('SIGKILL');
}

/** Asks a process, and yields its answer to this very question. */
function ask({ child }, what, question) {
  const id = (next += 1);
  return new Promise((resolve, reject) => {
    const gone = (code, signal) => {
      done();
      reject(new Error(`The process of ${what} ended with ${code ?? signal}`));
    };
    const answered = ({ id: of, ...answer }) => {
      if (of !== id) return;
      done();
      resolve(answer);
    };
    const done = () => {
      child.off('exit', gone);
      child.off('message', answered);
    };
    child.once('exit', gone);
    child.on('message', answered);
    child.send({ id, ...question });
  });
}

/** Runs a command to its end with exactly this environment. */
async function runWarm({ entry, args, env, cwd, input }) {
  const taken = take('commandProcess.mjs', env);
  const question = { bundle: bundle(entry), args, env, cwd, input, alone: true, limitMs: 600_000 };
  const ending = await ask(taken, entry, question);
  giveBack(taken);
  return ending;
}

/** Lets `work` use an address where the engine finds this project's program, in exactly this environment. */
async function withProgram({ env, cwd }, work) {
  const taken = take('programProcess.cjs', env);
  const { address } = await ask(taken, 'the program', { bundle: bundle('index.ts'), env, cwd });
  try {
    return await work(address);
  } finally {
    const { idle: mayServe } = await ask(taken, 'the program', { ended: true });
    if (mayServe) giveBack(taken);
    else taken.child.kill('SIGKILL');
  }
}

process.once('exit', () => {
  for (const { child } of idle) child.kill('SIGKILL');
});

module.exports = { runWarm, withProgram };
