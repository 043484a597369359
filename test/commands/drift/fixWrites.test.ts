import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { finding } from '../../../commands/drift/finding.ts';
import { applyFixes } from '../../../commands/drift/reconcile/applyFixes.ts';
import type { LookOptions } from '../../../commands/drift/observed.ts';
import { readRecorded, type Recorded } from '../../../engine/recorded.ts';
import { site } from '../../../sandbox/process/identity.ts';
import { createNetlify, netlifyTokens, seedNetlify } from '../../../sandbox/standIns/netlify/index.ts';
import { serve, type Listening, type LogEntry } from '../../../sandbox/server/serve.ts';
import { listVariables, netlifyApi } from '../../../services/netlify/netlify.ts';
import { lookWith, organization, settings } from './lookFixture.ts';

const key = 'DEFAULT_ORGANIZATION_ID';
const stated = '2026-01-01T00:00:00Z';
const changed = finding({
  kind: 'value-changed',
  subject: key,
  what: 'changed',
  contexts: ['branch:staging', 'branch:develop'],
});
const inBoth = (value: string) =>
  ['staging', 'develop'].map((branch) => ({ context: 'branch' as const, context_parameter: branch, value }));

/** A state with the one variable; `note` makes two of them differ. */
function stateWith(note: string): string {
  const values = ['staging', 'develop'].map((branch) => ({
    ...{ context: 'branch', contextParameter: branch, value: organization },
  }));
  const resource = {
    urn: `urn:pulumi:staging::project::netlify:index/environmentVariable:EnvironmentVariable::netlify-${key}`,
    ...{ type: 'netlify:index/environmentVariable:EnvironmentVariable', custom: true, id: 'missing ID' },
    inputs: { key, values },
    outputs: { key, values, scopes: [], siteId: site.id, teamId: site.accountId, lastUpdated: stated },
  };
  return JSON.stringify({ version: 3, deployment: { manifest: { time: stated }, resources: [resource], note } });
}

/** The engine's part: it keeps a state in a file. After the export whose number is in `then`, somebody updates the stack. */
const engine = `#!/bin/sh
cd "$(dirname "$0")"
echo "$1 $2" >> calls
case "$1 $2" in
'stack export')
  cat state.json
  [ "$(grep -c 'stack export' calls)" != "$(cat then)" ] || cp theirs.json state.json ;;
'stack import') cat > state.json ;;
*) exit 1 ;;
esac
`;

describe('what drift --fix writes', () => {
  let folder: string;
  let bin: string;
  let server: Listening;
  let options: LookOptions;
  let log: LogEntry[];
  let netlify: ReturnType<typeof createNetlify>;
  /** The methods whose answers bear no time. */
  let timeless: Set<string>;
  const before = { ...process.env };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fix-'));
    bin = join(folder, 'bin');
    mkdirSync(bin);
    cpSync('Pulumi.yaml', join(folder, 'Pulumi.yaml'));
    writeFileSync(join(bin, 'pulumi'), engine, { mode: 0o755 });
    writeFileSync(join(bin, 'state.json'), stateWith('ours'));
    writeFileSync(join(bin, 'theirs.json'), stateWith('theirs'));
    updateAfter(0);
    seedNetlify(folder, { variables: [{ key, values: inBoth('another value') }] });
    netlify = createNetlify({ stateDir: folder });
    timeless = new Set();
    log = [];
    const handle: typeof netlify.handle = async (request) => {
      const reply = await netlify.handle(request);
      if (!timeless.has(request.method) || typeof reply.body !== 'object') return reply;
      const body: unknown = JSON.parse(JSON.stringify(reply.body), (name, value: unknown) =>
        name === 'updated_at' ? undefined : value,
      );
      return { ...reply, body };
    };
    server = await serve({ ...netlify, handle }, { log: (entry) => log.push(entry) });
    Object.assign(process.env, {
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      NETLIFY_API_ENDPOINT: server.url,
      NETLIFY_API_TOKEN: netlifyTokens(folder).admin,
    });
    options = {
      ...{ root: folder, stack: 'staging', settings, repository: { owner: 'x', repository: 'x' }, maxAgeDays: 180 },
      ...{ siteUrl: undefined, application: undefined, localFile: join(folder, '.env.local'), now: Date.now() },
    };
  });
  afterEach(async () => {
    for (const name of ['PATH', 'NETLIFY_API_ENDPOINT', 'NETLIFY_API_TOKEN']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await server.close();
    rmSync(folder, { recursive: true });
  });

  function updateAfter(exports: number): void {
    writeFileSync(join(bin, 'then'), String(exports));
  }
  const state = () => readFileSync(join(bin, 'state.json'), 'utf8');
  const engineCalls = () =>
    existsSync(join(bin, 'calls')) ? readFileSync(join(bin, 'calls'), 'utf8').split('\n') : [];
  const live = async () =>
    (await listVariables(netlifyApi(), { accountId: site.accountId, siteId: site.id })).filter(
      (each) => each.key === key,
    );
  const writes = () => log.filter(({ method }) => method !== 'GET').map(({ method }) => method);
  async function fix(more: Partial<Recorded> = {}) {
    const recorded = { ...(await readRecorded(folder, 'staging')), ...more };
    return await applyFixes(options, lookWith([changed], { recorded, variables: await live() }), [changed]);
  }

  it('is recorded in the stack with the time that Netlify gives the write, whatever this machine’s clock says', async () => {
    const hourAhead = Date.now() + 3_600_000;
    netlify.store.update((stored) => (stored.clock = hourAhead));
    expect((await fix()).failed).toEqual([]);
    const [written] = await live();
    expect(written?.values.map(({ value }) => value)).toEqual([organization, organization]);
    const recorded = (await readRecorded(folder, 'staging')).variables.get(key)?.writtenAt ?? '';
    // The provider's spelling has whole seconds: the first that is not before Netlify's own.
    const ahead = Date.parse(recorded) - Date.parse(written?.updatedAt ?? '');
    expect([Date.parse(recorded) > hourAhead, ahead >= 0, ahead < 1000]).toEqual([true, true, true]);
  });

  it('is not taken for recorded where the answer of the write bears no time', async () => {
    timeless = new Set(['PATCH']);
    const { failed } = await fix();
    expect(failed).toEqual([expect.stringContaining('Netlify gave no time for it')]);
    expect(state()).toBe(stateWith('ours'));
    expect(engineCalls()).not.toContain('stack import');
  });

  it('goes to no key without a time of change: whose value is there is not known', async () => {
    timeless = new Set(['GET']);
    const { done, failed } = await fix();
    expect([done, failed]).toEqual([[], [expect.stringContaining('does not say when it was last changed')]]);
    expect(writes()).toEqual([]);
    expect((await live())[0]?.values.map(({ value }) => value)).toEqual(['another value', 'another value']);
  });

  // The exports: the look's, the one before anything is written, the record's own, and the one right before the import.
  it.each([
    ['before the record is made', 2],
    ['between its export and its import', 3],
  ])('is not recorded over an update of somebody else’s, %s', async (_, exports) => {
    updateAfter(exports);
    const { done, failed } = await fix();
    expect(done).toHaveLength(2); // on Netlify, where the values stand
    expect(failed).toEqual([expect.stringContaining('it was updated meanwhile')]);
    expect(state()).toBe(stateWith('theirs'));
    expect(engineCalls()).not.toContain('stack import');
  });

  it('is nothing where somebody updated the stack since the check', async () => {
    updateAfter(1);
    await expect(fix()).rejects.toThrow('the stack was updated since the check');
    expect([writes(), state()]).toEqual([[], stateWith('theirs')]);
  });
});
