import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { site } from '../../sandbox/process/identity.ts';
import type { Case } from './case.ts';

/** Folders of programs: an engine that only reads, and an npm that sends alerts, or whose alerts all arrive. */
export function layEngines(stateDir: string): (one: Case) => string {
  const lay = (name: string, state: object, npm = 'exit 1') => {
    const bin = join(stateDir, name);
    mkdirSync(bin);
    cpSync('test/faults/pulumi.sh', join(bin, 'pulumi'));
    chmodSync(join(bin, 'pulumi'), 0o755);
    writeFileSync(join(bin, 'state.json'), JSON.stringify(state));
    writeFileSync(join(bin, 'imported.json'), JSON.stringify(imported));
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    return bin;
  };
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  // What it says goes to the caller's own streams: here it is kept beside.
  const alert = `shift 4; exec > "$ALERT_STATE_DIR/said" 2>&1; exec '${node}' '${join(process.cwd(), 'launch', 'command.mjs')}' commands/alertSlack/command.ts "$@"`;
  const usual = lay('bin', stackOf([]), alert);
  const quiet = lay('bin-quiet', stackOf([]), 'exit 0');
  const states = {
    killed: lay('bin-killed', killed),
    drifted: lay('bin-drifted', drifted),
    adoptable: lay('bin-adoptable', stackOf([])),
  };
  return ({ engine, service }) => (engine === undefined ? (service === 'slack' ? usual : quiet) : states[engine]);
}

const time = '2026-01-01T00:00:00Z';

function stackOf(resources: readonly object[]) {
  return { version: 3, deployment: { manifest: { time }, resources } };
}

const variableType = 'netlify:index/environmentVariable:EnvironmentVariable';
const urn = (type: string, name: string) => `urn:pulumi:staging::allincompassing-staging::${type}::${name}`;

const killed = {
  version: 3,
  deployment: {
    ...stackOf([]).deployment,
    pending_operations: [
      {
        type: 'creating',
        resource: {
          ...{ urn: urn(variableType, 'netlify-SUPABASE_URL'), type: variableType },
          inputs: { key: 'SUPABASE_URL' },
        },
      },
    ],
  },
};

function variable(key: string, list: 'values' | 'secretValues', contexts: readonly string[]) {
  const values = contexts.map((contextParameter) => ({
    ...{ context: 'branch', contextParameter, value: '11111111-2222-4333-8444-555555555555' },
  }));
  return {
    ...{ urn: urn(variableType, `netlify-${key}`), type: variableType, custom: true, id: 'missing ID' },
    inputs: { key, [list]: values },
    outputs: { key, [list]: values, scopes: [], siteId: site.id, teamId: site.accountId, lastUpdated: time },
  };
}

function ofGithub(type: string, name: string, fields: object) {
  return { urn: urn(type, name), type, custom: true, id: '1', created: time, inputs: fields, outputs: fields };
}

/** What an update wrote of which the services have nothing, or something else. */
const drifted = stackOf([
  variable('SUPABASE_URL', 'values', ['staging', 'develop']),
  variable('DEFAULT_ORGANIZATION_ID', 'values', ['staging', 'develop']),
  ofGithub('github:index/actionsSecret:ActionsSecret', 'github-NETLIFY_AUTH_TOKEN', {
    ...{ secretName: 'NETLIFY_AUTH_TOKEN', value: 'a made-up value', updatedAt: time },
  }),
  ofGithub('github:index/repositoryRuleset:RepositoryRuleset', 'required-check-develop', { name: 'x' }),
]);

const imported = stackOf([variable('OPENAI_API_KEY', 'secretValues', ['staging', 'develop'])]);
