import { consent, of, type Case } from './case.ts';
import { checkCases } from './checkCases.ts';
import { guardCases } from './guardCases.ts';
import { incidentCases } from './incidentCases.ts';
import { killSwitchCases } from './killSwitchCases.ts';
import { writingCases } from './writingCases.ts';

/** Every command of the matrix, by service. */
export const cases: readonly Case[] = [
  // Supabase's database
  of('drift', [], 'supabase'),
  // Netlify
  of('deploy', ['list'], 'netlify'),
  of('deploy', ['trigger', '--yes', '--via', 'netlify'], 'netlify'),
  of('deploy', ['unlock', '--yes'], 'netlify', { folder: 'separate' }),
  of('adopt', ['--dry-run'], 'netlify'),
  of('drift', [], 'netlify'),
  of('recover', ['--yes'], 'netlify', { engine: 'killed' }),
  of('deploy', ['rollback', '--yes'], 'netlify'),
  of('deploy', ['rollback', '--yes', '--to', '{earlier}'], 'netlify', {
    ...{ folder: 'separate', extent: 'writes', never: /Restored/ },
  }),
  // GitHub
  of('deploy', ['rollback', '--yes'], 'github'),
  of('deploy', ['rollback', '--yes'], 'github', { extent: 'writes' }),
  of('deploy', ['rerun', '--yes'], 'github'),
  of('deploy', ['rerun', '--yes'], 'github', { extent: 'writes' }),
  of('deploy', ['trigger', '--yes', '--via', 'github'], 'github'),
  of('deploy', ['trigger', '--yes', '--via', 'github'], 'github', { extent: 'writes' }),
  of('adopt', ['--dry-run'], 'github'),
  of('adopt', ['--dry-run'], 'supabaseManagement', { folder: 'edge' }),
  of('drift', [], 'github'),
  of('recover', ['--yes'], 'github', { engine: 'killed' }),
  of('recover', ['--yes'], 'supabaseManagement', { engine: 'killed', folder: 'edge' }),
  of(
    'pullRequestComment',
    [
      ...[
        '--base',
        'preview.json',
        '--head',
        'preview.json',
        '--link',
        'https://example.org',
        '--commit',
        'c'.repeat(40),
      ],
      ...['--pull-request', '1'],
    ],
    'github',
  ),
  // Supabase's Management API
  of('dbBranch', ['create', 'x', '--yes'], 'supabaseManagement'),
  of('dbBranch', ['create', 'x', '--yes'], 'supabaseManagement', { extent: 'writes' }),
  of('dbBranch', ['list'], 'supabaseManagement'),
  of('dbBranch', ['get', 'x'], 'supabaseManagement'),
  of('dbBranch', ['delete', 'x', '--yes'], 'supabaseManagement'),
  of('dbBranch', ['cleanup', '--pattern', '^old$', '--yes'], 'supabaseManagement'),
  of('dbBranch', ['cleanup', '--pattern', '^old$', '--yes'], 'supabaseManagement', { extent: 'writes' }),
  of('dbBranch', ['promote', 'x', ...consent], 'supabaseManagement'),
  of('drift', [], 'supabaseManagement'),
  // Slack
  of('alertSlack', ['--title', 'x', '--text', 'x', '--severity', 'high'], 'slack'),
  of('drift', ['--alert'], 'slack'),
  // The deployed site: one that does not answer is a finding
  of('drift', ['--site-url', '{site}'], 'site', { code: 2, says: [/site-unreachable/] }),
  ...checkCases,
  ...killSwitchCases,
  ...incidentCases,
  ...writingCases,
  ...guardCases,
  // 1Password
  of('rotate', ['SUPABASE_SERVICE_ROLE_KEY', '--dry-run'], 'onepassword'),
  of('envLocal', ['--yes'], 'onepassword'),
  of('drift', [], 'onepassword'),
  of('scan', ['--vault', 'preview.json'], 'onepassword'),
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
