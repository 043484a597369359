// Loaded into the engine's Node process by NODE_OPTIONS while phases are measured: notes when it started, when it began
// to load the program's bundle and when it ended, and how much processor time it took after that.
'use strict';
const Module = require('node:module');
const { appendFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const stamps = { nodeStarts: performance.timeOrigin };
const load = Module._load;
Module._load = function (request, ...rest) {
  if (stamps.programLoads === undefined && /[\\/]dist[\\/]index\.cjs$/.test(request)) {
    stamps.programLoads = Date.now();
    stamps.busyBefore = process.cpuUsage();
  }
  return load.call(this, request, ...rest);
};
process.on('exit', () => {
  if (stamps.programLoads === undefined) return; // not the program: another Node that inherited NODE_OPTIONS
  const { user, system } = process.cpuUsage(stamps.busyBefore);
  const { nodeStarts, programLoads } = stamps;
  const record = { nodeStarts, programLoads, nodeEnds: Date.now(), busyMs: (user + system) / 1000 };
  appendFileSync(process.env.BENCH_STAMPS, `${JSON.stringify(record)}\n`);
});
