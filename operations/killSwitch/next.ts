import { sharedProject } from '../../settings/sharedProject.ts';

type Verb = 'off' | 'restore';

/** The command for the row, whole. */
export function levelOneCommand(verb: Verb): string {
  return `npm run kill-switch -- ${verb} --reason TEXT --yes --project ${sharedProject.ref}`;
}

/** The command for the Edge Function secret, whole, with what it needs: neither the database nor the vault. */
export function emergencyCommand(verb: Verb): string {
  return (
    `npm run kill-switch -- ${verb} --emergency --reason TEXT --yes --project ${sharedProject.ref}` +
    '   # needs SUPABASE_ACCESS_TOKEN alone'
  );
}
