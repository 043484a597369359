import { supabase } from './supabase.ts';

export type Role = 'client' | 'therapist' | 'admin' | 'super_admin';

const roles: readonly Role[] = ['client', 'therapist', 'admin', 'super_admin'];

/** Who is signed in. */
export interface Person {
  readonly email: string;
  readonly firstName: string | undefined;
  readonly role: Role;
  readonly token: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The person of the session: the profile's role, else the one in the user's metadata, else a client. */
export async function whoIsSignedIn(): Promise<Person | undefined> {
  const { data } = await supabase.auth.getSession();
  if (!data.session) return undefined;
  const { user, access_token: token } = data.session;
  const profile = await supabase.from('profiles').select('*').eq('id', user.id).maybeSingle();
  const row = (profile.data ?? {}) as Record<string, unknown>;
  const said = text(row.role) ?? text(user.user_metadata.role);
  return {
    email: user.email ?? '',
    firstName: text(row.first_name),
    role: roles.find((role) => role === said) ?? 'client',
    token,
  };
}
