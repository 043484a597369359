import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { proposal } from '../../commands/readers/proposal.ts';
import { asText } from '../../commands/readers/text.ts';
import type { Declared } from '../../readers/declaration.ts';
import { isFinding, joined, type Row } from '../../readers/join.ts';
import { readersOf } from '../../readers/readersOf.ts';
import { layApplication } from '../../sandbox/application/layApplication.ts';
import { readersIn } from './application.ts';
import { plainly } from '../../machine/paint.ts';

const at = (place: Declared['place'], value: string, name = value): Declared => ({ value, place, name });

const told = (rows: readonly Row[]) =>
  rows.map(({ value, place, status, severity, accepted }) =>
    [value, place, status, accepted ?? severity ?? ''].join(', '),
  );

const functions = (code: string, more: Record<string, string> = {}) =>
  readersIn({ 'supabase/functions/a/index.ts': code, ...more });

describe('value × place', () => {
  it('says that a value is where no code reads it, gravely where the reading place lacks it', async () => {
    const readers = await functions("Deno.env.get('SWITCH');");
    expect(told(joined([at('netlify', 'SWITCH')], readers))).toEqual([
      'SWITCH, netlify, read in another place than declared, high',
      'SWITCH, edgeFunction, read, not declared, medium',
    ]);
    expect(told(joined([at('netlify', 'SWITCH'), at('edgeFunction', 'SWITCH')], readers))).toEqual([
      'SWITCH, netlify, read in another place than declared, low',
      'SWITCH, edgeFunction, read, ',
    ]);
  });

  it('knows aliases, environments, GitHub’s letter case and names that a platform provides', async () => {
    const readers = await functions("Deno.env.get('OTHER'); Deno.env.get('SUPABASE_URL');", {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    environment: staging\n    steps: [{ run: "${{ secrets.token }} ${{ secrets.GITHUB_TOKEN }} ${{ vars.TOKEN }}" }]\n',
      'scripts/a.ts': 'process.env.CI; process.env.HOME;',
    });
    const declaration: Declared[] = [
      at('edgeFunction', 'VALUE', 'OTHER'),
      { ...at('actionsSecret', 'TOKEN'), environment: 'staging' },
      { ...at('actionsVariable', 'TOKEN'), environment: 'production' },
    ];
    expect(told(joined(declaration, readers))).toEqual([
      'TOKEN, actionsVariable, read in another place than declared, medium',
      'TOKEN, actionsVariable, read, not declared, medium',
      'TOKEN, actionsSecret, read, ',
      'VALUE, edgeFunction, read, ',
    ]);
  });

  it('asks nobody to declare what a place keeps for itself: the kill switch is set by its own command', async () => {
    const readers = await functions("Deno.env.get('AGENT_ACTIONS_DISABLED'); Deno.env.get('KEY');");
    expect(joined([], readers).map(({ name }) => name)).toEqual(['KEY']);
    expect(
      joined([at('netlify', 'AGENT_ACTIONS_DISABLED')], readers).map(({ name, place, severity }) => [
        name,
        place,
        severity,
      ]),
    ).toEqual([
      ['AGENT_ACTIONS_DISABLED', 'netlify', 'high'],
      ['KEY', 'edgeFunction', 'medium'],
    ]);
  });

  it('says what nobody reads, what a fallback hides, and takes what a file of the application gives', async () => {
    const readers = await functions("Deno.env.get('A') ?? 'x';", {
      '.env.example': 'LOCAL=\n',
      '.github/workflows/ci.yml': 'on: push\nenv: { MAPPED: "${{ secrets.REAL }}" }\n',
      'scripts/a.ts': 'process.env.LOCAL; process.env.MAPPED; process.env.FREE;',
      'scripts/a.test.ts': 'process.env.TESTED;',
    });
    expect(told(joined([at('edgeFunction', 'A'), at('netlify', 'B'), at('actionsSecret', 'REAL')], readers))).toEqual([
      'B, netlify, declared, nobody reads it, medium',
      'A, edgeFunction, fallback hides it, low',
      'FREE, localFile, read, not declared, low',
      'REAL, actionsSecret, read, ',
    ]);
  });

  it('accepts a finding by a comment with a reason, and finds one without, or about nothing', async () => {
    const readers = await functions(
      "// readers-accept SWITCH@netlify -- the playbook has it\n/* readers-accept NONE -- it went away */\nDeno.env.get('SWITCH');",
      { 'netlify.toml': '# readers-accept SWITCH@edgeFunction\n' },
    );
    const rows = joined([at('netlify', 'SWITCH')], readers);
    expect(told(rows)).toEqual([
      'SWITCH, edgeFunction, read, not declared, medium',
      'SWITCH, edgeFunction, accepted without a reason, medium',
      'NONE, localFile, accepted, and no finding, low',
      'SWITCH, netlify, read in another place than declared, the playbook has it',
    ]);
    expect(rows.map((row) => isFinding(row))).toEqual([true, true, true, false]);
  });
});

describe('what is printed', () => {
  it('proposes the entries that are missing, each place with its reader', async () => {
    const readers = await functions("Deno.env.get('SWITCH'); Deno.env.get('KEY');", {
      '.github/workflows/ci.yml': 'on: push\nenv: { A: "${{ vars.CHANNEL }}", B: "${{ secrets.KEY }}" }\n',
    });
    const declaration = [at('netlify', 'SWITCH')];
    expect(proposal(joined(declaration, readers), declaration, () => undefined)).toBe(
      [
        'allincompassing:values:',
        '  # actionsVariable: .github/workflows/ci.yml:2',
        "  CHANNEL: { value: 'FILL IN', actionsVariable: true }",
        '  # edgeFunction: supabase/functions/a/index.ts:1',
        '  # actionsSecret: .github/workflows/ci.yml:2',
        "  KEY: { from: 'op://VAULT/ITEM/key', edgeFunction: true, actionsSecret: true }",
        '  # edgeFunction: supabase/functions/a/index.ts:1',
        '  SWITCH: { edgeFunction: true } # is declared for netlify: add edgeFunction',
        '',
      ].join('\n'),
    );
  });

  it('proposes nothing that the settings refuse, and says why', async () => {
    const readers = await functions("Deno.env.get('KEY');", {
      '.github/workflows/ci.yml': 'on: push\nenv: { B: "${{ secrets.KEY }}" }\n',
    });
    const refusal = (_: string, place: string) => (place === 'edgeFunction' ? 'not there' : undefined);
    expect(proposal(joined([], readers), [], refusal).split('\n')).toEqual([
      'allincompassing:values:',
      '  # edgeFunction: supabase/functions/a/index.ts:1',
      '  # actionsSecret: .github/workflows/ci.yml:2',
      '  # KEY is read there (edgeFunction) and not proposed: not there',
      "  KEY: { from: 'op://VAULT/ITEM/key', actionsSecret: true }",
      '',
    ]);
  });

  it('is a table for people, with nothing that steers a terminal', async () => {
    const readers = await readersIn({ 'scripts/\u001b[2Ja.ts': 'process.env.A;' });
    const text = asText(joined([], readers), readers, plainly, false);
    expect(text).toContain('low  A  local file');
    expect(text).not.toContain('\u001b');
  });
});

describe.each(['playbook', 'newest'] as const)('the twin, %s', (state) => {
  it('has the kill switch and the OpenAI key in Edge Functions alone, the token with jobs and scripts, three variables', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'readers-twin-'));
    try {
      layApplication(state, folder);
      const { readers, problems } = await readersOf(folder);
      const places = (name: string) =>
        [...new Set(readers.filter((each) => each.name === name).map(({ place }) => place))].sort();
      expect(problems).toEqual([]);
      expect(places('AGENT_ACTIONS_DISABLED')).toEqual(['edgeFunction']);
      expect(places('OPENAI_API_KEY')).toEqual(['edgeFunction']);
      expect(places('SUPABASE_ACCESS_TOKEN')).toEqual(['script', 'workflow']);
      expect(
        readers.find(({ name, place }) => name === 'DEFAULT_ORGANIZATION_ID' && place === 'netlifyFunction')?.aliases,
      ).toEqual(['DEFAULT_ORG_ID', 'SUPABASE_DEFAULT_ORGANIZATION_ID', 'VITE_DEFAULT_ORGANIZATION_ID']);
      const variables = readers.filter(({ means }) => means === 'vars').map(({ name }) => name);
      const alerts = state === 'playbook' ? ['SLACK_ALERTS_CHANNEL'] : [];
      expect(new Set(variables)).toEqual(new Set([...alerts, 'SUPABASE_PROJECT_ID', 'LIGHTHOUSE_PREVIEW_URL']));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
