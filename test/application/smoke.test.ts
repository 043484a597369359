import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { unzipSync } from 'fflate';
import { configFile, ConfigProblem, readSmokeConfig, smokeConfig } from '../../commands/previewSmoke/config.ts';
import { placeOf } from '../../commands/previewSmoke/checks/complaints.ts';
import { dashboard } from '../../commands/previewSmoke/checks/dashboard.ts';
import { layoutDrawing } from '../../commands/previewSmoke/picture.ts';
import { proposal } from '../../commands/previewSmoke/propose/propose.ts';
import { makeReport } from '../../commands/previewSmoke/report.ts';
import { writeReports } from '../../commands/previewSmoke/writeReports.ts';
import type { Target } from '../../commands/previewSmoke/target.ts';
import { applicationStates, layApplication, type ApplicationState } from '../../sandbox/application/layApplication.ts';
import { openSmokeWorld, type SmokeWorld } from '../commands/previewSmoke/world.ts';

jest.setTimeout(180_000);

/** Checks the dashboard, and writes the reports as the command does. */
async function check(world: SmokeWorld, change: Partial<Target> = {}) {
  const target = world.target({ timeoutMs: 8000, ...change });
  const results = await world.run([dashboard], target);
  const head = {
    url: target.url,
    environment: 'staging',
    evidence: target.evidence,
    started: '',
    durationMs: 1,
    artefacts: [],
  };
  writeReports(target.reportFolder, makeReport(head, results), target.redact);
  const [result] = results;
  if (!result) throw new Error('no result');
  return { ...result, folder: target.reportFolder };
}

/** The files of a folder that hold a text, archives by what is in them. */
function holding(folder: string, text: string): string[] {
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    const parts = name.endsWith('.zip') ? Object.values(unzipSync(bytes)) : [bytes];
    return parts.some((part) => Buffer.from(part).includes(text));
  });
}

describe.each(applicationStates)('the twin in its state %s', (state: ApplicationState) => {
  let world: SmokeWorld;
  beforeAll(async () => {
    world = await openSmokeWorld(state);
  }, 120_000);
  afterAll(() => world.close());

  it.each(['admin', 'therapist', 'client'] as const)(
    'is proved to a %s by the defaults, on an empty day',
    async (role) => {
      const { email, password } = world.people[role];
      const { status, detail } = await check(world, { role, email, password });
      expect([status, detail]).toEqual(['passed', `signed in as ${role}, the page is what that role must see`]);
    },
  );

  it('keeps nothing of what a page shows: a patient is in no artefact', async () => {
    const canary = 'Zacharias Quillfeather';
    await world.superuser.query(
      `with person as (insert into clients (organization_id, full_name) values ($1, $2) returning id)
       insert into sessions (organization_id, client_id, start_time) select $1, id, now() from person`,
      [world.organizationId, canary],
    );
    const { status, folder, facts } = await check(world);
    expect(status).toBe('passed');
    expect(facts.evidence).toBe('blanked');
    // It was shown: with full evidence it is in the trace. So the search finds it where it is.
    const full = await check(world, { evidence: 'full' });
    expect(holding(full.folder, canary)).toContain('trace.zip');
    expect(readdirSync(folder).sort()).toEqual(['dashboard.png', 'junit.xml', 'report.html', 'report.json']);
    for (const part of [canary, ...canary.split(' ')]) expect(holding(folder, part)).toEqual([]);
  });

  it('says what a role sees that is not its own', async () => {
    const { email, password } = world.people.client;
    const { failureClass, detail } = await check(world, { role: 'admin', email, password });
    expect(failureClass).toBe('dashboard');
    expect(detail).toContain('no heading “Dashboard” appeared, as role admin should see');
  });
});

describe('a page that fails', () => {
  let world: SmokeWorld;
  beforeAll(async () => {
    world = await openSmokeWorld();
  }, 120_000);
  afterAll(() => world.close());

  it('is told by the banner, and by what did not answer, without its words', async () => {
    world.faults.set([
      {
        service: 'supabase',
        path: '/rpc/get_dashboard_data',
        status: 400,
        body: '{"message":"Zacharias is not yours"}',
      },
    ]);
    const { failureClass, detail } = await check(world);
    world.faults.set([]);
    expect(failureClass).toBe('dashboard');
    expect(detail).toBe('the page says “failed to load”; meanwhile: GET the site /api/dashboard answers 400');
  });

  it('is told as a refused sign-in when the form stays', async () => {
    const { failureClass, detail } = await check(world, { password: 'another' });
    expect(failureClass).toBe('sign-in');
    expect(detail).toContain('the sign-in form was found, filled and sent, and the page did not let the user in');
  });
});

describe('the picture', () => {
  it('is drawn from numbers and kinds alone', () => {
    const box = { kind: 'text', left: 1, top: 2, width: 33, height: 10 };
    expect(layoutDrawing([{ ...box, text: 'Zacharias' }])).not.toContain('Zacharias');
    expect(layoutDrawing([box])).toBe(layoutDrawing([{ ...box, width: 36 }])); // names of about a length look the same
    expect(() => layoutDrawing([{ ...box, left: 'Zacharias' }])).toThrow();
    expect(() => layoutDrawing([{ ...box, kind: 'Zacharias' }])).toThrow();
  });
});

describe('the place of a request', () => {
  const target = { url: 'https://site.example', supabaseUrl: 'https://ref.supabase.co', project: undefined };
  it.each([
    ['https://site.example/api/dashboard?name=Zacharias', 'the site /api/dashboard'],
    ['https://site.example/clients/zacharias', 'the site'],
    ['https://ref.supabase.co/rest/v1/clients?full_name=eq.Zacharias', 'Supabase /rest/v1/clients'],
    ['https://ref.supabase.co/rest/v1/rpc/get_dashboard_data', 'Supabase /rest/v1/rpc/get_dashboard_data'],
    ['https://ref.supabase.co/storage/v1/object/zacharias.pdf', 'Supabase'],
    ['https://ref.supabase.co/functions/v1/4711', 'Supabase /functions/v1/…'],
    ['https://fonts.example/zacharias', 'another address'],
  ])('%s', (address, place) => {
    expect(placeOf(address, target)).toBe(place);
  });
});

describe('the proposal', () => {
  it.each(applicationStates)('is read from the sources of the twin in its state %s, and fits the schema', (state) => {
    const folder = mkdtempSync(join(tmpdir(), 'proposal-'));
    layApplication(state, folder);
    const { config, found } = proposal(folder);
    expect(found).toEqual([
      'signIn',
      'dashboards.admin.heading',
      'dashboards.admin.never',
      'bundle.values',
      'context.told',
    ]);
    expect(config.signIn).toEqual(smokeConfig.parse({}).signIn);
    expect(config.dashboards.admin).toMatchObject({
      heading: 'Dashboard',
      never: ['A part of this page failed to load'],
    });
    expect([config.bundle.values, config.context.told]).toEqual([false, false]);
    expect(smokeConfig.parse(config)).toEqual(config);
  });
});

describe(configFile, () => {
  const written = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), configFile);
    writeFileSync(file, text);
    return file;
  };

  it('may be missing, or say a part', () => {
    expect(readSmokeConfig('/there/is/none')).toEqual(smokeConfig.parse({}));
    const { signIn, row } = readSmokeConfig(written('{"signIn":{"path":"/enter"}}'));
    expect([signIn.path, signIn.email, row.table]).toEqual(['/enter', '#email', 'conversations']);
  });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['an unknown setting', '{"signin":{}}', 'signin'],
    ['a wrong type', '{"bundle":{"values":"no"}}', 'bundle.values'],
    ['a path that is none', '{"signIn":{"path":"login"}}', 'signIn.path'],
  ])('is refused with its name: %s', (_what, text, named) => {
    const file = written(text);
    expect(() => readSmokeConfig(file)).toThrow(ConfigProblem);
    expect(() => readSmokeConfig(file)).toThrow(named);
  });
});
