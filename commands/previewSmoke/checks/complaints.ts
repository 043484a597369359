import { originsOf } from '../../../settings/supabaseAddress.ts';
import type { Page, Request } from 'playwright-core';
import type { Target } from '../target.ts';

/** What the page complained about while it was used. */
export interface Complaints {
  /** In words for a failure's message. */
  readonly lines: readonly string[];
  /** Errors that nothing on the page caught. */
  readonly uncaught: number;
}

const namedErrors: ReadonlySet<string> = new Set([
  'TypeError',
  'ReferenceError',
  'RangeError',
  'SyntaxError',
  'URIError',
]);

/** Paths below which the next part names a function, a table or a script: never a person. */
const known = [
  '/api/',
  '/.netlify/functions/',
  '/rest/v1/rpc/',
  '/rest/v1/',
  '/auth/v1/',
  '/functions/v1/',
  '/assets/',
];

/** Where a request went, without what may name somebody: no query, no id. */
export function placeOf(address: string, target: Pick<Target, 'url' | 'supabaseUrl' | 'project'>): string {
  const { origin, pathname } = new URL(address);
  const where =
    origin === new URL(target.url).origin
      ? 'the site'
      : originsOf(target.supabaseUrl, target.project).includes(origin)
        ? 'Supabase'
        : '';
  if (where === '') return 'another address';
  const prefix = known.find((one) => pathname.startsWith(one));
  if (prefix === undefined) return pathname === '/' ? `${where} /` : where;
  const [name = ''] = pathname.slice(prefix.length).split('/');
  return /^[a-z][a-z_-]{0,40}$/.test(name) ? `${where} ${prefix}${name}` : `${where} ${prefix}…`;
}

/**
 * Listens to the page. Its own words are kept with `--evidence full` alone: an error or a line of its console may say
 * what a row says. Otherwise an error is named by its kind, a request by its place and status.
 */
export function listen(page: Page, target: Target): Complaints {
  const lines: string[] = [];
  const complaints = { lines, uncaught: 0 };
  const full = target.evidence === 'full';
  const note = (text: string) => {
    const line = target.redact(text).slice(0, 300);
    if (lines.length < 20 && !lines.includes(line)) lines.push(line);
  };
  const of = (request: Request) => `${request.method()} ${placeOf(request.url(), target)}`;
  page.on('pageerror', (error) => {
    complaints.uncaught += 1;
    note(
      full ? `error: ${error.message}` : `an error of the page: ${namedErrors.has(error.name) ? error.name : 'Error'}`,
    );
  });
  page.on('console', (message) => {
    if (full && message.type() === 'error') note(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => note(`no answer: ${of(request)}`));
  page.on('response', (response) => {
    if (response.status() >= 400) note(`${of(response.request())} answers ${response.status()}`);
  });
  return complaints;
}
