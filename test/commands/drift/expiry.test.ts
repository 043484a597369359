import { describe, expect, it } from '@jest/globals';
import { news } from '../../../commands/drift/alerts.ts';
import { ownedTokens } from '../../../commands/doctor/tokens.ts';
import { tokenEnds, tokensAge, valuesEnd } from '../../../commands/drift/checks/expiry.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { endOf, nearEnd } from '../../../secrets/expiry.ts';
import { Secret } from '../../../secrets/secret.ts';
import { githubApi } from '../../../services/github/github.ts';
import { tokenEnd } from '../../../services/github/tokenEnd.ts';
import { parseSettings, type Settings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const after = (days: number) => new Date(now + days * 86_400_000);
const page = 'https://github.com/settings/personal-access-tokens';

/** GitHub's API, signed in by a made-up token of this kind. */
const api = (kind = 'github_pat') => githubApi({ GITHUB_TOKEN: [kind, 'made', 'up'].join('_') });

/** A JSON Web Token without a true signature. */
function jwt(claims: object): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  return [part({ alg: 'HS256' }), part(claims), 'c2lnbmF0dXJl'].join('.');
}

describe('the end of a GitHub token', () => {
  it.each([
    ['2026-12-20 09:00:00 UTC', '2026-12-20T09:00:00.000Z'],
    ['2026-12-20 09:00:00 -0700', '2026-12-20T16:00:00.000Z'],
    ['2026-12-20 09:00:00 +0100', '2026-12-20T08:00:00.000Z'],
  ])('is in the header of an answer: %s', (header, end) => {
    const found = tokenEnd(api(), new Headers({ 'github-authentication-token-expiration': header }));
    expect(found).toEqual({ end: new Date(end), page });
  });

  it.each([
    {},
    { 'github-authentication-token-expiration': '' },
    { 'github-authentication-token-expiration': 'never' },
  ])('is not known from %j', (headers) => expect(tokenEnd(api(), new Headers(headers))).toBeUndefined());

  it.each(['ghs', 'ghu'])('is nothing to renew by hand where an App made it: %s', (kind) => {
    const headers = { 'github-authentication-token-expiration': '2026-12-20 09:00:00 UTC' };
    expect(tokenEnd(api(kind), new Headers(headers))).toBeUndefined();
  });

  it('has the page of classic tokens for one that has scopes', () => {
    const headers = { 'github-authentication-token-expiration': '2026-12-20 09:00:00 UTC', 'x-oauth-scopes': 'repo' };
    expect(tokenEnd(api(), new Headers(headers))?.page).toBe('https://github.com/settings/tokens');
  });

  it.each([
    [31, undefined],
    [30, undefined],
    [29.9, 'medium'],
    [7, 'medium'],
    [6.9, 'high'],
    [0.1, 'high'],
    [-1, 'high'],
  ])('in %d days is %s', (days, severity) => {
    const [found, ...more] = tokenEnds({ end: after(days), page }, now);
    expect(more).toEqual([]);
    expect(found?.severity).toBe(severity);
    if (found) expect(found.fix.note).toContain(page);
  });

  it('is alerted once, and anew when its successor ends soon too', () => {
    const [first] = tokenEnds({ end: after(20), page }, now);
    const [later] = tokenEnds({ end: after(20), page }, now + 86_400_000);
    const [successor] = tokenEnds({ end: after(25), page }, now);
    if (!first || !later || !successor) throw new Error('Each ends soon.');
    const seen = (finding: typeof first) => ({ findings: [finding], unseen: [], errors: [] });
    expect(news([first], seen(later))).toEqual({ fresh: [], fixed: [] });
    expect(news([first], seen(successor))).toEqual({ fresh: [successor], fixed: [first] });
    expect(news([first], { findings: [], unseen: [], errors: [] })).toEqual({ fresh: [], fixed: [first] });
  });
});

describe('the end of a value', () => {
  const exp = Math.floor(after(10).getTime() / 1000);

  it('is what a JSON Web Token says, and no other value says one', () => {
    expect(endOf(jwt({ role: 'anon', exp }))).toEqual(after(10));
    for (const other of ['', 'word', 'a.b', 'a.b.c', 'a.b.c.d', jwt({}), jwt({ exp: 'soon' }), jwt({ exp: 1e300 })])
      expect(endOf(other)).toBeUndefined();
  });

  it('is said in days, and when it is over', () => {
    expect(nearEnd(after(1.5), now)?.text).toBe('ends on 2026-11-30, in 1 day');
    expect(nearEnd(after(0.2), now)?.text).toBe('ends on 2026-11-28, within a day');
    expect(nearEnd(after(-2), now)?.text).toBe('ended on 2026-11-26');
  });

  it('is one finding for all places that take it from one reference, and never the value', () => {
    const value = jwt({ role: 'anon', exp });
    const source = { kind: 'reference', reference: 'op://Platform/Supabase/anon_key' } as const;
    const contexts = ['branch:develop', 'production'] as const;
    const settings = {
      netlify: { variables: [{ name: 'KEY', value: 'KEY', values: contexts.map((context) => ({ context, source })) }] },
      placements: [{ place: 'actionsSecret', value: 'KEY', name: 'KEY', source }],
      supabase: { project: 'abcdefghijklmnopqrst' },
    } as unknown as Settings;
    const recorded = {
      variables: new Map([['KEY', { values: new Map(contexts.map((context) => [context, new Secret(value)])) }]]),
      placed: new Map([['github-KEY', { value: new Secret(value) }]]),
    } as unknown as Recorded;
    const found = valuesEnd(settings, recorded, now);
    expect(found.map(({ id, what }) => [id, what])).toEqual([
      [
        'value-expires:op://Platform/Supabase/anon_key/2026-12-08',
        'The value of KEY (branch:develop), KEY (production), KEY (GitHub Actions secret) ends on 2026-12-08, in 10 days, by its own word.',
      ],
    ]);
    expect(JSON.stringify(found)).not.toContain(value.split('.')[1]);
    expect(valuesEnd(settings, { ...recorded, variables: new Map(), placed: new Map() }, now)).toEqual([]);
  });
});

describe('the age of a token that stays valid', () => {
  const tokens = { NETLIFY_API_TOKEN: { owner: 'platform', since: '2026-05-01' } };

  it.each([
    [211, 0],
    [210, 1],
  ])('with a limit of %d days is %d finding, which names the owner', (limit, count) => {
    const found = tokensAge({ tokens }, now, limit);
    expect(found).toHaveLength(count);
    for (const { id, what, fix } of found) {
      expect(id).toBe('token-old:NETLIFY_API_TOKEN/2026-05-01');
      expect(what).toBe('NETLIFY_API_TOKEN of platform is 211 days old; the limit is 210.');
      expect(fix.note).toContain('tokens.NETLIFY_API_TOKEN.since');
    }
  });

  it('is another finding of a successor, so that it is alerted once each', () => {
    const later = { NETLIFY_API_TOKEN: { owner: 'platform', since: '2026-05-02' } };
    const [one, two] = [tokens, later].map((each) => tokensAge({ tokens: each }, now, 30)[0]?.id);
    expect(one).not.toBe(two);
  });

  it('stands beside what each token can do, with those that no table has at the end', () => {
    const recorded = { ...tokens, STAGING_GITHUB_APP_KEY: { owner: 'platform', since: '2026-11-27' } };
    const listed = ownedTokens({ tokens: recorded }, now);
    expect(listed.find(({ name }) => name === 'NETLIFY_API_TOKEN')).toMatchObject({
      ...{ owner: 'platform', since: '2026-05-01', days: 211 },
      can: expect.stringContaining('act as its user'),
    });
    expect(listed.at(-1)).toEqual({ name: 'STAGING_GITHUB_APP_KEY', owner: 'platform', since: '2026-11-27', days: 1 });
    expect(listed.find(({ name }) => name === 'SLACK_WEBHOOK_URL')).not.toHaveProperty('owner');
  });

  it.each<[unknown, string | undefined]>([
    [{ owner: 'platform', since: '2026-05-01' }, undefined],
    // As Pulumi passes a day on that was written without quotes.
    [{ owner: 'platform', since: '2026-05-01 00:00:00 +0000 UTC' }, undefined],
    [{ since: '2026-05-01' }, 'tokens.A.owner'],
    [{ owner: ' ', since: '2026-05-01' }, 'tokens.A.owner'],
    [{ owner: 'platform' }, 'tokens.A.since'],
    [{ owner: 'platform', since: '2026-13-01' }, 'tokens.A.since: must be a day'],
  ])('is recorded as %j, or refused with the key', (recorded, problem) => {
    const raw = { ...valid(), tokens: { A: recorded } };
    if (problem === undefined) expect(parseSettings(raw).tokens.A).toEqual({ owner: 'platform', since: '2026-05-01' });
    else expect(() => parseSettings(raw)).toThrow(problem);
  });
});
