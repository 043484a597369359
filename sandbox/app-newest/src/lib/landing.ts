import type { Person } from './person.ts';

/** Where the root leads this person; nothing where it is the dashboard itself, which is the administrators'. */
export function landingOf({ role }: Person): string | undefined {
  if (role === 'client') return '/family';
  return role === 'therapist' ? '/schedule' : undefined;
}
