import { consent, of, type Case, type Left } from './case.ts';

const folder = { folder: 'incident' } as const;

/** A start goes on without what it cannot see: the record is opened, and says what was not seen. */
const start = (service: string): Case =>
  of('incident', ['start', '--title', 'x', '--kind', 'deploy', '--severity', 'high', '--by', 'x', '--yes'], service, {
    ...{ ...folder, code: 0, never: /agents disabled/ },
    judge: ({ incidents: [incident] }) =>
      incident?.timeline.some(({ text }) => text.startsWith('Evidence:') && text.includes('not seen')) === true
        ? []
        : ['keeps no evidence that says what was not seen'],
  });

/** Whatever Slack does, the step is kept, and so is that nobody was told. */
const untold = (args: readonly string[], more: Partial<Case> = {}): Case =>
  of('incident', [...args, '--by', 'x', '--yes'], 'slack', {
    ...{ ...folder, code: 2, ...more },
    judge: ({ incidents }: Left) =>
      incidents.some(({ timeline }) => timeline.at(-1)?.text === 'The channel could NOT be notified')
        ? []
        : ['does not keep that the channel was not told'],
  });

const notMigrated = {
  ...{ ...folder, incident: true },
  judge: ({ incidents }: Left) =>
    incidents.some(({ migratedAt }) => migratedAt !== undefined) ? ['says that it migrated'] : [],
};
const migrate = ['migrate', '--application', 'checkout', '--by', 'x', ...consent];

export const incidentCases: readonly Case[] = [
  start('netlify'),
  start('github'),
  start('supabase'),
  start('supabaseManagement'),
  untold(['start', '--title', 'x', '--kind', 'deploy']),
  untold(['update', '--text', 'x'], { incident: true }),
  untold(['close', '--root-cause', 'x'], { incident: true }),
  of('incident', migrate, 'supabaseManagement', notMigrated),
  of('incident', migrate, 'supabaseManagement', { ...notMigrated, extent: 'writes' }),
  of('incident', ['restore'], 'supabaseManagement', { ...folder, incident: true }),
];
