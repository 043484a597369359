import { tokenKind } from './rules/jsonWebToken.ts';

/** What a Supabase key is for, by the key itself: the role in its claims, or its prefix. */
export function supabaseRole(value: string): 'service' | 'publishable' | undefined {
  if (value.startsWith('sb_secret_')) return 'service';
  if (value.startsWith('sb_publishable_')) return 'publishable';
  const kind = tokenKind(value);
  if (kind === 'service-role') return 'service';
  return kind === 'publishable' ? 'publishable' : undefined;
}
