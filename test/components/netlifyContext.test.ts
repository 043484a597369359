import { beforeEach, describe, expect, it } from '@jest/globals';
import { NetlifyContext, type NetlifyVariable } from '../../components/netlifyContext.ts';
import { secretOutputOf } from '../../secrets/declaredValues.ts';
import type { Context } from '../../settings/context.ts';
import { secretOnTheWire, strictMocks, valueOf, type Registration } from '../support/mocks.ts';

const component = 'allincompassing:index:NetlifyContext';
const variable = 'netlify:index/environmentVariable:EnvironmentVariable';

let registrations: Registration[];
beforeEach(async () => {
  registrations = await strictMocks([component, variable]);
});

const value = (context: Context, text: string) => ({ context, value: secretOutputOf(text), unread: false });

async function declare(variables: readonly NetlifyVariable[]): Promise<NetlifyContext> {
  const context = new NetlifyContext('netlify', { siteId: 'site', teamId: 'team', variables });
  await valueOf(context.lastUpdated);
  return context;
}

const inputsOf = (name: string) => registrations.find((each) => each.name === name)?.inputs;

describe('the Netlify context', () => {
  it('declares one resource a key, each value secret on the wire, a branch spelled as Netlify does', async () => {
    await declare([
      { name: 'URL', secret: false, values: [value('branch:staging', 's'), value('production', 'p')] },
      { name: 'KEY', secret: true, values: [value('branch:staging', 'k')] },
    ]);
    expect(registrations.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      `${component} netlify`,
      `${variable} netlify-KEY`,
      `${variable} netlify-URL`,
    ]);
    const [url, key] = [inputsOf('netlify-URL'), inputsOf('netlify-KEY')];
    expect(secretOnTheWire(url?.values)).toEqual([
      { context: 'branch', contextParameter: 'staging', value: 's' },
      { context: 'production', value: 'p' },
    ]);
    expect(secretOnTheWire(key?.secretValues)).toEqual([
      { context: 'branch', contextParameter: 'staging', value: 'k' },
    ]);
    expect(url).toMatchObject({ key: 'URL', siteId: 'site', teamId: 'team' });
  });

  it('leaves the scopes of a plain variable to Netlify, and gives a secret one what Netlify allows', async () => {
    await declare([
      { name: 'PLAIN', secret: false, values: [value('branch:staging', 'x')] },
      { name: 'SECRET', secret: true, values: [value('branch:staging', 'x')] },
      { name: 'CHOSEN', secret: false, scopes: ['builds'], values: [value('branch:staging', 'x')] },
    ]);
    expect(['netlify-PLAIN', 'netlify-SECRET', 'netlify-CHOSEN'].map((name) => inputsOf(name)?.scopes)).toEqual([
      undefined,
      ['builds', 'functions', 'runtime'],
      ['builds'],
    ]);
  });

  it('puts a variable into exactly one of values and secretValues', async () => {
    await declare([{ name: 'SECRET', secret: true, values: [value('branch:staging', 'x')] }]);
    expect(Object.keys(inputsOf('netlify-SECRET') ?? {})).not.toContain('values');
  });

  it('keeps a value of several lines byte for byte', async () => {
    const lines = ['first', 'second', '', 'last\n'].join('\n');
    await declare([{ name: 'KEY', secret: false, values: [value('branch:staging', lines)] }]);
    expect(secretOnTheWire(inputsOf('netlify-KEY')?.values)).toMatchObject([{ value: lines }]);
  });

  it('says when Netlify last changed each key', async () => {
    const context = await declare([{ name: 'KEY', secret: false, values: [value('branch:staging', 'x')] }]);
    expect(await valueOf(context.lastUpdated)).toEqual({ KEY: '2026-01-01T00:00:00Z' });
  });
});
