import { randomBytes, randomUUID } from 'node:crypto';
import type { ApplicationState } from '../application/layApplication.ts';
import { supabase as project } from '../process/identity.ts';
import { Faults } from '../server/faults.ts';
import { serve } from '../server/serve.ts';
import { applicationMigrations } from '../standIns/supabase/application.ts';
import { createKeys, type SupabaseKeys } from '../standIns/supabase/keys.ts';
import { createSupabase, type SupabaseService } from '../standIns/supabase/service.ts';

/** The Supabase project that all of the application's environments share, with the smoke test's user in it. */
export interface SupabaseProject {
  readonly port: number;
  readonly keys: SupabaseKeys;
  readonly user: { readonly email: string; readonly password: string };
  readonly organizationId: string;
  /** The rules by which it and the services around it go wrong. */
  readonly faults: Faults;
  /** Its database, past the API. */
  readonly database: SupabaseService['database'];
  close(): Promise<void>;
}

/** Starts it with the twin's tables, and an administrator for the smoke test; the day is empty. */
export async function startSupabaseProject(state: ApplicationState = 'playbook'): Promise<SupabaseProject> {
  const keys = createKeys(randomBytes(32).toString('hex'), project.projectRef);
  const organizationId = randomUUID();
  const user = {
    email: 'smoke-test@staging.example',
    password: randomBytes(18).toString('base64url'),
    app_metadata: { organization_id: organizationId, role: 'admin' },
  };
  const supabase = createSupabase({
    keys,
    users: [user],
    migrations: applicationMigrations(state),
  });
  await supabase.database();
  const faults = new Faults();
  const listening = await serve(supabase, { faults });
  return {
    port: listening.port,
    keys,
    user,
    organizationId,
    faults,
    database: () => supabase.database(),
    async close() {
      await listening.close();
      await supabase.close();
    },
  };
}
