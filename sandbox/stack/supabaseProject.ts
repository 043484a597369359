import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApplicationState } from '../application/layApplication.ts';
import { Store } from '../server/store.ts';
import type { NewUser } from '../standIns/supabase/auth.ts';

/** What is kept of the Supabase project beside its database. */
export interface ProjectState {
  readonly jwtSecret: string;
  /** What the application's people sign in with. */
  readonly password: string;
  /** The state of the application whose tables the database has. */
  readonly application: ApplicationState;
}

/** The roles of the application, each held by one person of the sandbox. */
export const roles = ['admin', 'super_admin', 'therapist', 'client', 'monitoring'] as const;

/** The project of a state folder; one of an older sandbox gets what it lacks. */
export function openProject(stateDir: string): Store<ProjectState> {
  const made = (): ProjectState => ({
    jwtSecret: randomBytes(32).toString('hex'),
    password: randomBytes(18).toString('base64url'),
    application: 'playbook',
  });
  const store = new Store<ProjectState>(join(stateDir, 'supabase.json'), made);
  if (Object.keys(store.state).length < Object.keys(made()).length) {
    store.update((state) => Object.assign(state, { ...made(), ...state }));
  }
  return store;
}

/** The address by which the person of a role signs in. */
export const emailOf = (role: string) => `${role}@allincompassing.example`;

/** One person for each role, all of one organisation. */
export function people({ password }: ProjectState, organizationId: string): NewUser[] {
  return roles.map((role) => ({
    email: emailOf(role),
    password,
    app_metadata: { role, organization_id: organizationId },
    user_metadata: { role },
  }));
}
