import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckResult } from '../../../commands/previewSmoke/check.ts';
import { smokeConfig } from '../../../commands/previewSmoke/config.ts';
import { runChecks } from '../../../commands/previewSmoke/run.ts';
import type { Target } from '../../../commands/previewSmoke/target.ts';
import type { ApplicationState } from '../../../sandbox/application/layApplication.ts';
import { siteService, type DeployedSite } from '../../../sandbox/standIns/hosting/site.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { applicationMigrations } from '../../../sandbox/standIns/supabase/application.ts';
import { createKeys } from '../../../sandbox/standIns/supabase/keys.ts';
import { createSupabase } from '../../../sandbox/standIns/supabase/service.ts';
import { makeSite } from './site.ts';
import { sharedProject } from '../../support/sharedProject.ts';

/** A test user of a role, with a password that is awkward to mask. */
function person(role: string, organizationId: string) {
  return {
    email: `${role}@staging.example`,
    password: `pass"word ${randomBytes(12).toString('hex')}`,
    app_metadata: { role, organization_id: organizationId },
  };
}

export type SmokeWorld = Awaited<ReturnType<typeof openSmokeWorld>>;

/** The twin deployed on loopback, beside a Supabase project with a user of each role. */
export async function openSmokeWorld(state: ApplicationState = 'playbook') {
  const organizationId = randomUUID();
  const keys = createKeys(randomBytes(32).toString('hex'), sharedProject.ref);
  const roles = ['admin', 'therapist', 'client'] as const;
  const people = Object.fromEntries(roles.map((role) => [role, person(role, organizationId)])) as Record<
    (typeof roles)[number],
    ReturnType<typeof person>
  >;
  const faults = new Faults();
  const supabase = createSupabase({ keys, migrations: applicationMigrations(state), users: Object.values(people) });
  const options = { faults };
  let deployed: DeployedSite | undefined;
  const servers: Listening[] = [
    await serve(supabase, options),
    await serve(
      siteService(() => deployed),
      options,
    ),
  ];
  const [supabaseUrl = '', siteUrl = ''] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  const { superuser } = await supabase.database();
  const healthy = await makeSite(
    { SUPABASE_URL: supabaseUrl, SUPABASE_ANON_KEY: keys.anonKey, DEFAULT_ORGANIZATION_ID: organizationId },
    state,
  );
  deployed = healthy;

  const target = (change: Partial<Target> = {}): Target => ({
    url: siteUrl,
    environment: 'staging',
    supabaseUrl,
    project: sharedProject,
    keys: [{ name: 'SUPABASE_ANON_KEY', value: keys.anonKey }],
    organizationId,
    email: people.admin.email,
    password: people.admin.password,
    config: smokeConfig.parse({}),
    role: 'admin',
    evidence: 'blanked',
    timeoutMs: 5000,
    reportFolder: mkdtempSync(join(tmpdir(), 'smoke-')),
    runTag: randomUUID(),
    redact: (text) => text,
    seen: {},
    ...change,
  });

  return {
    organizationId,
    keys,
    people,
    faults,
    superuser,
    supabaseUrl,
    siteUrl,
    healthy,
    target,
    /** Puts another deploy under the site's address; `undefined` takes it down. */
    deploy: (site: DeployedSite | undefined) => void (deployed = site),
    /** The healthy site with other variables in its functions. */
    withEnvironment: (change: Readonly<Record<string, string>>): DeployedSite => ({
      ...healthy,
      environment: { ...healthy.environment, ...change },
    }),
    /** The healthy site with a further file, or another in a file's place. */
    withFile(path: string, text: string): DeployedSite {
      const file = join(mkdtempSync(join(tmpdir(), 'file-')), 'file');
      writeFileSync(file, text);
      return { ...healthy, files: { ...healthy.files, [path]: file } };
    },
    /** Runs checks in this process. */
    run: (checks: readonly Check[], of: Target = target()): Promise<CheckResult[]> =>
      runChecks(checks, of, { attempts: 2, pauseMs: 1, onResult: () => undefined, onRetry: () => undefined }),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await supabase.close();
    },
  };
}
