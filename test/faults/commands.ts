import type { Extent } from './faults.ts';

/** One command with a service that it cannot do without. */
export interface Case {
  readonly entry: string;
  readonly args: readonly string[];
  readonly service: string;
  /** What of the service fails. */
  readonly extent: Extent;
  /** The exit code then. Default 1. */
  readonly code?: number;
  /** In a folder whose site is staging's own. */
  readonly separate?: boolean;
  /** Which faults are no failure for it, with the exit code then, and why. */
  readonly except?: Readonly<Record<string, { readonly code: number; readonly because: string }>>;
}

export const project = 'wnnjeqheqxxyrgsjmygy';
const consent = ['--yes', '--project', project];

const of = (
  entry: string,
  args: readonly string[],
  service: string,
  more: Partial<Omit<Case, 'entry' | 'args' | 'service'>> = {},
): Case => ({ entry, args, service, extent: 'all', ...more });

/** Every command of the matrix, by service. */
export const cases: readonly Case[] = [
  // Supabase's database
  of('doctor', [], 'supabase', { code: 2 }),
  of('drift', [], 'supabase'),
  // Netlify
  of('deploy', ['list'], 'netlify'),
  of('deploy', ['trigger', '--yes', '--via', 'netlify'], 'netlify'),
  of('deploy', ['unlock', '--yes'], 'netlify', { separate: true }),
  of('adopt', ['--dry-run'], 'netlify'),
  of('doctor', [], 'netlify', { code: 2 }),
  of('drift', [], 'netlify'),
  // GitHub
  of('deploy', ['rollback', '--yes'], 'github'),
  of('deploy', ['rerun', '--yes'], 'github'),
  of('deploy', ['trigger', '--yes', '--via', 'github'], 'github'),
  of('adopt', ['--dry-run'], 'github'),
  of('doctor', [], 'github', { code: 2 }),
  of('drift', [], 'github'),
  // Supabase's Management API
  of('dbBranch', ['create', 'x', '--yes'], 'supabaseManagement'),
  of('dbBranch', ['create', 'x', '--yes'], 'supabaseManagement', { extent: 'writes' }),
  of('dbBranch', ['list'], 'supabaseManagement'),
  of('dbBranch', ['get', 'x'], 'supabaseManagement'),
  of('dbBranch', ['delete', 'x', '--yes'], 'supabaseManagement'),
  of('dbBranch', ['promote', 'x', ...consent], 'supabaseManagement'),
  of('incident', ['restore'], 'supabaseManagement'),
  of('doctor', [], 'supabaseManagement', { code: 2 }),
  // Slack
  of('alertSlack', ['--title', 'x', '--text', 'x', '--severity', 'high'], 'slack'),
  // 1Password
  of('envLocal', ['--yes'], 'onepassword'),
  of('drift', [], 'onepassword'),
  // The service is in the way, and no token is known to be wrong; but where it refuses, that is a finding.
  of('doctor', [], 'onepassword', {
    except: Object.fromEntries(
      ['401', '403', '403 retry-after', '403 remaining 0'].map((name) => [
        name,
        { code: 2, because: 'it refuses the token' },
      ]),
    ),
  }),
];
