import { describe, expect, it } from '@jest/globals';
import {
  applicationReaders,
  readerFindings,
  type ReaderRow,
} from '../../../commands/drift/checks/applicationReaders.ts';
import { someReaders } from './lookFixture.ts';

const row = (more: Partial<ReaderRow>): ReaderRow => ({
  ...{ value: 'KEY', place: 'netlify', name: 'KEY', status: 'read', severity: null, readers: [] },
  ...more,
});
const found = (rows: readonly ReaderRow[]) =>
  readerFindings(rows, '/app').map(({ id, severity, fix }) => `${id} ${severity} ${fix.by}`);

describe('who reads a value', () => {
  it.each<[Partial<ReaderRow>, string[]]>([
    [
      { status: 'read in another place than declared', severity: 'high' },
      ['value-read-elsewhere:netlify/KEY high person'],
    ],
    [{ status: 'read, not declared', severity: 'medium' }, ['value-not-declared:netlify/KEY medium person']],
    [{ status: 'declared, nobody reads it', severity: 'medium' }, ['value-not-read:netlify/KEY medium person']],
    [{ status: 'declared, nobody reads it', severity: 'medium', accepted: 'soon' }, []],
    [{ status: 'fallback hides it', severity: 'low' }, []],
    [{ status: 'read, not declared', severity: 'low' }, []],
    [{}, []],
  ])('is a finding where it is worth a person’s time: %j', (more, expected) => {
    expect(found([row(more)])).toEqual(expected);
  });

  it('names place, environment and where it is read', () => {
    const [first] = readerFindings(someReaders, '/app');
    expect(first?.what).toBe(
      'OPENAI_API_KEY, Netlify variable: read in another place than declared (supabase/functions/agent/index.ts:1 and others).',
    );
    expect(first?.fix.command).toBe('npm run readers -- /app --value OPENAI_API_KEY');
    const [inside] = readerFindings(
      [row({ status: 'read, not declared', severity: 'medium', environment: 'qa' })],
      '/app',
    );
    expect(inside?.where.subject).toBe('netlify/qa/KEY');
  });

  it('is read from the application’s sources by the command of that name', async () => {
    const rows = await applicationReaders(process.cwd(), 'staging', 'sandbox/app');
    expect(rows?.some(({ name, status }) => name === 'SLACK_WEBHOOK_URL' && status === 'read')).toBe(true);
    expect(await applicationReaders(process.cwd(), 'staging', undefined)).toBeUndefined();
    await expect(applicationReaders(process.cwd(), 'staging', 'no/such/folder')).rejects.toThrow(
      'The application’s sources could not be read: ',
    );
  }, 60_000);
});
