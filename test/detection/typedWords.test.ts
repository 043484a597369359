import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { secretWords, shownName, wordMask } from '../../detection/typedWords.ts';
import { valid } from '../settings/raw.ts';

const made = createHash('sha512')
  .update('made up for this test')
  .digest('base64')
  .replace(/[^A-Za-z]/g, '');
const letters = (count: number) => made.slice(0, count);
const token = (prefix: string, count = 36) => `${prefix}a1B2${letters(count - 4)}`;

describe('a name that was typed', () => {
  it.each([
    ...Object.keys(valid().values),
    'ENTIRELY_DIFFERENT_THING',
    'X',
    'SENTRY_DSN',
    'NEXT_PUBLIC_SUPABASE_URL',
    'AUTH0_CLIENT_ID',
  ])('is repeated: %s', (name) => {
    expect(shownName(name)).toBe(name);
  });

  it.each([
    ['a token of GitHub', token('ghp_')],
    ['a token of Netlify', token('nfp_')],
    ['a key of OpenAI', token('sk-proj-', 60)],
    ['random characters', `QmXkPlWq_${letters(30)}`],
    ['hexadecimal digits', createHash('sha256').update('made up').digest('hex')],
    ['hexadecimal digits in capitals', `A1${createHash('md5').update('made up').digest('hex').toUpperCase()}`],
    ['the secret of a one-time password', 'JBSW' + 'Y3DPEHPK3PXP'],
    ['capitals without an end', 'QXZKWVJPQXHRKLMNWZXTVBQP' + 'ZKQ'],
    ['a password', 'hunter2!x'],
    ['words', 'correct horse battery'],
    ['a word', 'swordfish'],
    ['an address with a password', ['postgres://user', 'hunter2@db.example/x'].join(':')],
    ['a web token', 'eyJhbGciOi' + 'JIUzI1NiJ9.e30.x'],
    ['nothing', ''],
    ['a name of no end', 'A_'.repeat(31)],
  ])('is not: %s', (_, typed) => {
    expect(shownName(typed)).toBeUndefined();
  });
});

describe('the words of a command line', () => {
  it('may be secrets, beside an option too; ids, paths, names and addresses are none', () => {
    const [one, other] = [token('ghp_'), token('nfp_')];
    const harmless = [
      'SUPABASE_ANON_KEY',
      '--dry-run',
      '--stack=prod',
      '../application',
      'preview/feat-one',
      'https://x.example/a',
    ];
    const ids = ['65f0c1d2e3a4b5c6d7e8f901', 'wnnjeqheqxxyrgsjmygy', 'context-missing:OPENAI_API_KEY@deploy-preview'];
    expect(secretWords([...harmless, ...ids, one, `--value=${other}`])).toEqual([one, other]);
  });

  it('are masked in a text as often as they stand there', () => {
    const typed = token('ghp_');
    expect(wordMask(['x', typed])(`no ${typed}; x, '${typed}'`)).toBe("no ****; x, '****'");
  });
});
