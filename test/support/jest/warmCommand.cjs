// Keeps a few processes that run this project's commands, for all test files of a worker. It is loaded by Node itself
// (`nodeRequire`): jest gives each test file its modules anew.
'use strict';
const { fork } = require('node:child_process');
const { join } = require('node:path');
const { bundle } = require('../../../launch/bundle.cjs');

/** What Node reads at its start alone: a process serves only commands that have the same. */
const atStart = /^(NODE_.*|SSL_CERT_.*|.*_proxy|TZ)$/i;
/** More at once get a process each. */
const most = 3;
const root = join(__dirname, '..', '..', '..');
const idle = [];
let next = 0;

function start(key, env) {
  const child = fork(join(__dirname, 'commandProcess.mjs'), [], {
    cwd: root,
    execPath: join(root, 'node_modules', '.bin', 'node'),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { key, child, runs: 0 };
}

/** An idle process for such an environment, or a new one. */
function take(env) {
  const key = JSON.stringify(
    Object.entries(env)
      .filter(([name]) => atStart.test(name))
      .sort(),
  );
  const at = idle.findIndex((each) => each.key === key && each.child.connected);
  const [found] = at === -1 ? [] : idle.splice(at, 1);
  const taken = found ?? start(key, env);
  taken.child.ref();
  taken.child.channel?.ref();
  return taken;
}

/** Keeps it for the next command. Nothing waits for an idle process. */
function giveBack(taken) {
  taken.runs += 1;
  taken.child.unref();
  taken.child.channel?.unref();
  idle.push(taken);
  while (idle.length > most) idle.shift().child.kill('SIGKILL');
}

/** Runs a command to its end with exactly this environment. */
function runWarm({ entry, args, env, cwd, input }) {
  const taken = take(env);
  const { child } = taken;
  const id = (next += 1);
  return new Promise((resolve, reject) => {
    const gone = (code, signal) => {
      done();
      reject(new Error(`The process of ${entry} ended with ${code ?? signal}`));
    };
    const answered = ({ id: of, ...ending }) => {
      if (of !== id) return;
      done();
      giveBack(taken);
      resolve(ending);
    };
    const done = () => {
      child.off('exit', gone);
      child.off('message', answered);
    };
    child.once('exit', gone);
    child.on('message', answered);
    child.send({ id, bundle: bundle(entry), args, env, cwd, input, alone: true, limitMs: 600_000 });
  });
}

process.once('exit', () => {
  for (const { child } of idle) child.kill('SIGKILL');
});

module.exports = { runWarm };
