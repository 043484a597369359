import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { heldLocks, lockedBy } from '../../engine/heldLocks.ts';
import { backendOf } from '../../engine/stateBackend.ts';
import { asJson, asText, type Findings } from '../../commands/recover/report.ts';
import { cancelLocks, sharedLocks } from '../../commands/recover/sharedLocks.ts';

const id = '034eba5d-6965-4529-8be5-d1b56657ccca.json';
const lockFile = `.pulumi/locks/organization/allincompassing/staging/${id}`;
const since = '2026-03-01T09:15:02+01:00';
const refusal = (...lines: readonly string[]) =>
  [
    `error: the stack is currently locked by ${lines.length} lock(s). Either wait for the other process(es) to end or ` +
      'delete the lock file with `pulumi cancel`.',
    ...lines,
    '',
  ].join('\n');

describe('the lock that Pulumi names', () => {
  it.each([
    ['PostgreSQL', `postgres://****:****@db.test:5432/state/${lockFile}?sslmode=require`],
    ['S3', `s3://bucket/${lockFile}?region=eu-central-1`],
    ['a compatible server', `s3://bucket/${lockFile}?endpoint=http://127.0.0.1:9000&s3ForcePathStyle=true`],
    ['Google Cloud Storage', `gs://bucket/prefix/${lockFile}`],
    ['Azure', `azblob://container/${lockFile}?storage_account=account`],
  ])('is read: %s', (_where, place) => {
    const output = refusal(`  ${place}: created by ann@laptop (pid 4711) at ${since}`);
    expect(heldLocks(output)).toEqual([{ place, user: 'ann', host: 'laptop', pid: 4711, since }]);
  });

  it.each([
    ['a Windows user', 'OFFICE\\ann', 'LAPTOP-1'],
    ['a name with spaces', 'Ann B. (Ops)', 'laptop.local'],
    ['a mail address', 'ann@company.test', 'laptop'],
    ['no name', '', 'runner'],
  ])('is read with %s', (_what, user, host) => {
    const output = refusal(`  s3://bucket/${lockFile}: created by ${user}@${host} (pid 1) at ${since}`);
    expect(heldLocks(output)).toMatchObject([{ user, host, pid: 1, since }]);
  });

  it('is each of two, also with the line ends of Windows', () => {
    const lines = [1, 2].map((pid) => `  s3://bucket/${pid}.json: created by ann@laptop (pid ${pid}) at ${since}`);
    expect(heldLocks(refusal(...lines).replaceAll('\n', '\r\n')).map(({ pid }) => pid)).toEqual([1, 2]);
  });

  it.each([
    ['another failure', 'error: read ".pulumi/meta.yaml": blob (code=Unknown): AccessDenied'],
    ['a stack that is free', 'error: a stack named staging already exists'],
    ['nothing', ''],
    ['a line of a plan', `    created by ann@laptop (pid 1) at ${since}`],
  ])('is none in %s', (_what, output) => expect(heldLocks(output)).toEqual([]));

  it('is told with owner, host, process, time and the command', () => {
    const place = `s3://bucket/${lockFile}`;
    expect(lockedBy([{ place, user: 'ann', host: 'laptop', pid: 4711, since }])).toBe(
      `The stack is locked by ann@laptop (process 4711) since ${since}. Wait for its end; if it was killed: npm run recover`,
    );
  });
});

describe('where the state is', () => {
  it.each([
    ['postgres://ann:word@db.test/state', 'service'],
    ['s3://bucket?region=eu', 'service'],
    ['gs://bucket', 'service'],
    ['azblob://container?storage_account=account', 'service'],
    ['https://api.pulumi.com', 'cloud'],
    ['http://pulumi.test:8080', 'cloud'],
  ])('%s is a %s', (url, kind) => expect(backendOf(url, '/project').kind).toBe(kind));
});

describe('the report', () => {
  const lock = { file: `s3://bucket/${lockFile}`, pid: 4711, host: 'laptop', user: 'ann', since, content: 'all of it' };
  const findings = (owner: 'dead' | 'running' | 'elsewhere'): Findings => ({
    backend: { kind: 'service', url: 's3://bucket' },
    stack: 'other',
    locks: [{ ...lock, owner }],
    engines: [],
    providers: [],
    broken: [],
    plan: undefined,
  });

  it.each(['running', 'elsewhere'] as const)(
    'of an owner %s names who, where, since when, and the command',
    (owner) => {
      const text = asText(findings(owner));
      expect(text).toContain(`ann@laptop (process 4711) since ${since}`);
      expect(text).toContain('pulumi cancel --stack other');
    },
  );

  it('of a dead owner says what is to be done', () => {
    expect(asText(findings('dead'))).toBe(
      `  unlock      held by ann@laptop (process 4711) since ${since}, which is dead\n`,
    );
  });

  it('says "no lock" of a shared state, and not of Pulumi Cloud, where nobody has asked', () => {
    const free = { ...findings('dead'), locks: [] };
    expect(asText(free)).toBe('  Nothing to recover: no lock, and no operation that was interrupted.\n');
    const cloud = asText({ ...free, backend: { kind: 'cloud', url: 'https://api.pulumi.com' } });
    expect(cloud).not.toContain('no lock');
    expect(cloud).toContain('pulumi cancel --stack other');
  });

  it('as JSON has the owner', () => {
    expect(JSON.parse(asJson(findings('elsewhere')))).toMatchObject({
      backend: { kind: 'service' },
      locks: [{ owner: 'elsewhere', user: 'ann', host: 'laptop', pid: 4711, since }],
    });
  });
});

describe('a lock in a shared state', () => {
  let folder: string;
  const path = process.env.PATH;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pulumi-'));
    process.env.PATH = [folder, path].join(delimiter);
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const created = (host: string, pid = 4711) =>
    `  s3://bucket/${lockFile}: created by ann@${host} (pid ${pid}) at ${since}`;
  /** A `pulumi` that answers so to the wish for the lock, and writes down what it is asked. */
  const pulumiSays = (answer: string) => {
    writeFileSync(join(folder, 'answer'), answer);
    const script = `echo "$@" >> ${folder}/asked\n[ "$1" = cancel ] && exit 0\ncat ${folder}/answer >&2\nexit 255\n`;
    writeFileSync(join(folder, 'pulumi'), `#!/bin/sh\n${script}`, { mode: 0o755 });
  };
  const asked = () =>
    readFileSync(join(folder, 'asked'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.replace(' --non-interactive', ''));
  const locks = (stack = 'staging') => sharedLocks(folder, stack, (pid) => pid === 7);

  it.each([
    ['a dead process of this machine', hostname(), 4711, 'dead'],
    ['a running process of this machine', hostname(), 7, 'running'],
    ['another machine', 'laptop-of-ann', 4711, 'elsewhere'],
    ['another machine whose process number runs here', 'laptop-of-ann', 7, 'elsewhere'],
  ])('of %s', async (_whose, host, pid, owner) => {
    pulumiSays(refusal(created(host, pid)));
    expect(await locks()).toMatchObject([{ owner, host, pid, user: 'ann', since }]);
    expect(asked()).toEqual(['stack rename staging --stack staging']);
  });

  it.each(['staging', 'organization/allincompassing/staging'])('is none where %s is free', async (stack) => {
    pulumiSays('error: a stack named staging already exists\n');
    expect(await locks(stack)).toEqual([]);
  });

  it.each([
    ['nobody may write', 'error: write ".pulumi/locks/x.json": AccessDenied'],
    ['another stack exists', 'error: a stack named production already exists'],
    ['Pulumi says it in other words', 'error: the stack is locked by ann'],
  ])('is not known where %s, and is never said to be none', async (_why, answer) => {
    pulumiSays(answer);
    await expect(locks()).rejects.toThrow(/cannot be seen, so nothing was done\.[^]*error: /);
  });

  it('is cancelled when it is still the one that was judged', async () => {
    pulumiSays(refusal(created(hostname())));
    await cancelLocks(folder, 'staging', await locks());
    expect(asked()).toEqual([
      ...Array<string>(2).fill('stack rename staging --stack staging'),
      'cancel --yes --stack staging',
    ]);
  });

  it.each([
    ['that came meanwhile', [created(hostname(), 4712)]],
    ['that stands beside it by now', [created(hostname()), created('laptop-of-ann', 1)]],
  ])('%s is never cancelled', async (_which, now) => {
    pulumiSays(refusal(created(hostname())));
    const judged = await locks();
    pulumiSays(refusal(...now));
    await expect(cancelLocks(folder, 'staging', judged)).rejects.toThrow('Run it again');
    expect(asked().filter((command) => command.startsWith('cancel'))).toEqual([]);
  });

  it('of a living owner is never cancelled, whoever asks', async () => {
    pulumiSays(refusal(created('laptop-of-ann')));
    await expect(cancelLocks(folder, 'staging', await locks())).rejects.toThrow('not dead');
    expect(asked()).toHaveLength(1);
  });

  it('that has gone by itself is no reason to cancel anything', async () => {
    pulumiSays(refusal(created(hostname())));
    const judged = await locks();
    pulumiSays('error: a stack named staging already exists');
    await cancelLocks(folder, 'staging', judged);
    expect(asked().filter((command) => command.startsWith('cancel'))).toEqual([]);
  });
});
