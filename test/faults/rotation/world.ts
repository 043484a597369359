import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Incident } from '../../../incidents/record.ts';
import { openIncidents } from '../../../incidents/record.ts';
import { serviceAccountToken } from '../../../sandbox/standIns/onepassword/index.ts';
import { haste } from '../../rotation/haste.ts';
import { startRotationServices, type Moment as OfServices } from '../../rotation/services.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { copyFixture } from '../../support/fixture.ts';
import type { Ending } from '../pool.ts';
import { Killing, type Moments } from './killing.ts';
import { abandon, playCommand } from './play.ts';

export const value = 'SUPABASE_SERVICE_ROLE_KEY';
const legacy = ['anon_key', 'service_role_key'];
/** Holds the key that leaked. */
const leakedFile = 'leaked.txt';

const journalForm = z.object({
  id: z.string(),
  direction: z.string(),
  members: z.array(z.unknown()),
  started: z.record(z.string(), z.string()),
  done: z.record(z.string(), z.string()),
});
type JournalSeen = z.infer<typeof journalForm>;

/** Everything that a rotation changes, at one moment. */
interface Moment extends OfServices {
  readonly journal: string | undefined;
}

/** A rotation of both legacy keys, in a folder of its own, that can be put back to the beginning of each of its steps. */
export async function startRotationWorld() {
  const root = mkdtempSync(join(tmpdir(), 'rotation-faults-'));
  copyFixture(root, '.gitignore');
  execFileSync('git', ['init', '-q'], { cwd: root });
  const functions = join(root, 'app', 'supabase', 'functions', 'hello');
  mkdirSync(functions, { recursive: true });
  writeFileSync(join(functions, 'index.ts'), `Deno.serve(() => new Response('hello'));\n`);
  writeFileSync(join(root, 'app', 'server.ts'), `export const key = process.env.${value};\n`);
  const kill = new Killing();
  const services = await startRotationServices({ settings: fileSettings(root, 'staging') }, kill.through);
  const { standIns, stateDir, endpoints } = services;
  await standIns.supabase.database(); // it reads the application's migrations from this folder
  const home = process.cwd();
  process.chdir(root);
  const { vault } = standIns.onepassword;
  const old = legacy.map((label) => vault.read(label));
  writeFileSync(join(root, leakedFile), `${old[1] ?? ''}\n`);
  const bin = join(root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'pulumi'), playedPulumi(services.playedStack));
  chmodSync(join(bin, 'pulumi'), 0o755);
  const folders = { rotations: join(root, '.rotations'), incidents: join(root, 'incidents') };
  const journalFile = join(folders.rotations, 'staging', `${value}.json`);
  const environment = {
    ...services.environment,
    INIT_CWD: root, // npm may run these tests, and says where it was called
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    ROTATIONS_DIR: folders.rotations,
    INCIDENTS_DIR: folders.incidents,
    STAGING_APPLICATION: join(root, 'app'),
    STAGING_AUDIT_FILE: join(root, 'audit.jsonl'),
    STAGING_VAULT_TIMEOUT: `${120 * haste}`,
  };
  const { supabaseManagement } = standIns;
  // A person has revoked what signed the legacy keys: a leak of one is over with the rotation.
  supabaseManagement.store.update((state) => {
    state.legacyRevoked = true;
  });

  const remember = (): Moment => ({
    ...services.remember(),
    journal: existsSync(journalFile) ? readFileSync(journalFile, 'utf8') : undefined,
  });

  return {
    ...{
      root,
      endpoints,
      environment,
      old,
      remember,
      held: services.held,
      dead: services.dead,
      accepted: services.accepted,
    },
    /** Runs it and kills it where `at` says so. Yields how it ended, or `undefined` where it was killed. */
    async rotateUntil(at: Moments, args: readonly string[]): Promise<Ending | undefined> {
      const journalAt = () => (existsSync(journalFile) ? readFileSync(journalFile, 'utf8') : undefined);
      const { killed, heard } = kill.arm(at, journalAt);
      // Whatever nobody answers is waited for until the test's end.
      const run = playCommand(
        args,
        { ...environment, STAGING_REQUEST_TIMEOUT: '3600', STAGING_VAULT_TIMEOUT: '3600' },
        heard,
      );
      const left = await Promise.race([killed, run]);
      if ('code' in left) return left;
      abandon();
      // A lock is a dead process's no more, and what it wrote after its end was never written.
      rmSync(journalFile.replace(/json$/, 'lock'), { force: true });
      if (left.journal === undefined) rmSync(journalFile, { force: true });
      else writeFileSync(journalFile, left.journal, { mode: 0o600 });
      return undefined;
    },
    /** 1Password's token for another address of it. */
    vaultToken: (url: string) => serviceAccountToken(stateDir, Number(new URL(url).port)),
    /** Puts everything back to how it was then. */
    restore(moment: Moment) {
      services.restore(moment);
      rmSync(folders.incidents, { recursive: true, force: true });
      rmSync(folders.rotations, { recursive: true, force: true });
      if (moment.journal === undefined) return;
      mkdirSync(join(folders.rotations, 'staging'), { recursive: true, mode: 0o700 });
      writeFileSync(journalFile, moment.journal, { mode: 0o600 });
    },
    journal: (): JournalSeen | undefined =>
      existsSync(journalFile) ? journalForm.parse(JSON.parse(readFileSync(journalFile, 'utf8'))) : undefined,
    incidents: (): Incident[] => (existsSync(folders.incidents) ? openIncidents(folders.incidents) : []),
    /** What must be in no output: every value of the vault and every key. */
    secrets: () => [
      ...old,
      ...[...remember().vault].flatMap(([label, text]) => (/key|token|secret|previous/.test(label) ? [text] : [])),
      ...(supabaseManagement.store.state.apiKeys ?? []).map((key) => key.value),
    ],
    marks: () => vault.list().filter(({ label }) => label.startsWith('rotating_')),
    /** Runs `npm run rotate -- …`; `heard` gets each line that it reports. */
    rotate: (
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
      heard?: (line: string) => void,
    ): Promise<Ending> => playCommand(args, { ...environment, ...env }, heard),
    async close() {
      process.chdir(home);
      await services.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The engine’s part: an update of some resources brings what the vault has to them, and the state is printed; no more. */
function playedPulumi(url: string): string {
  return `#!/usr/bin/env node
const targets = process.argv.flatMap((arg, index, all) => (all[index - 1] === '--target' ? [arg.split('::').at(-1)] : []));
const way = { up: { method: 'POST', body: JSON.stringify(targets) }, stack: { method: 'GET' } }[process.argv[2]];
if (way === undefined) process.exit(1);
void fetch(${JSON.stringify(url)}, way).then(async (answer) => {
  if (process.argv[2] === 'stack') process.stdout.write(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
});
`;
}
