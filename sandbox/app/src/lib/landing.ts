import type { Person } from './person.ts';

/** Where the root leads this person; nothing where it is the dashboard itself. */
export function landingOf({ role }: Person): string | undefined {
  return role === 'client' ? '/family' : undefined;
}
