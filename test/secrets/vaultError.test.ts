import { describe, expect, it } from '@jest/globals';
import type { ResolveReferenceError } from '@1password/sdk';
import { explain, explainFailure, VaultError } from '../../secrets/vaultError.ts';

describe('why 1Password gave no value', () => {
  it.each<[ResolveReferenceError['type'], string, string]>([
    ['vaultNotFound', 'no such vault, or no access to it', 'read access to the vault'],
    ['itemNotFound', 'no such item in the vault', 'An archived item does not count'],
    ['fieldNotFound', 'no such field in the item', 'correct the reference in Pulumi.staging.yaml'],
    ['noMatchingSections', 'no such section in the item', 'correct the reference in Pulumi.staging.yaml'],
    ['tooManyVaults', 'more than one vault has this name', 'Use the vault’s id'],
    ['tooManyItems', 'more than one item has this title, or had it before it was archived', 'Use the item’s id'],
    ['tooManyMatchingFields', 'more than one field has this label', 'op://vault/item/section/field'],
    ['incompatibleSshKeyQueryParameterField', 'the field is no SSH key', 'Take ?ssh-format=openssh out'],
    ['parsing', 'not a valid reference', 'op://vault/item/field'],
    ['other', '1Password cannot resolve it (other)', 'correct the reference in Pulumi.staging.yaml'],
  ])('%s is %s, with its fix', (type, problem, fix) => {
    const said = explain({ type, message: 'of the SDK' } as ResolveReferenceError);
    expect(said.problem).toBe(problem);
    expect(said.fix).toContain(fix);
  });

  it('names the items of one title, where they are known', () => {
    expect(explain({ type: 'tooManyItems' }, ['a', 'b']).fix).toBe(
      'Use the item’s id in the reference, one of a, b; or rename one.',
    );
    expect(explain({ type: 'tooManyItems' }).fix).toBe('Use the item’s id in the reference; or rename one.');
  });
});

describe('why the whole read failed', () => {
  const reached = '1Password cannot be reached';
  const signIn = '1Password refused the sign-in';
  const app = 'the 1Password app did not authorise this process';
  it.each<[string, string, string, boolean | undefined]>([
    ['Rate limit exceeded', 'no-answer', '1Password’s rate limit is reached', undefined],
    ['Desktop application connection refused', 'refused', app, undefined],
    ['error in the request library', 'no-answer', reached, true],
    ['an error sending request for url', 'no-answer', reached, true],
    ['retrieving response body', 'no-answer', reached, true],
    ['you lack the right permissions', 'refused', '1Password denies access', undefined],
    ['user is not authenticated', 'refused', signIn, undefined],
    ['bad credentials', 'refused', signIn, undefined],
    ['invalid service account token', 'refused', signIn, undefined],
    ['deserialization failed', 'refused', signIn, undefined],
    ['something of its own', 'no-answer', '1Password failed', true],
  ])('`%s` is %s: %s; a second try may help: %s', (message, kind, problem, mayPass) => {
    const failure = explainFailure(new Error(message));
    expect([failure.kind, failure.problem, failure.mayPass]).toEqual([kind, problem, mayPass]);
  });

  it('is known by the error’s name as well, and by nothing where there is neither', () => {
    const named = Object.assign(new Error('x'), { name: 'DecryptingSymmetricKey' });
    expect(explainFailure(named).problem).toBe(signIn);
    expect(explainFailure({}).problem).toBe('1Password failed');
  });

  it('says what to do about a proxy only where nothing was reached', () => {
    expect(explainFailure(new Error('sending request')).fix).toMatch(
      /^Check the network, then run again\. .*HTTPS_PROXY.*\.$/,
    );
    expect(explainFailure(new Error('rate limit')).fix).not.toContain('PROXY');
    expect(explainFailure(new Error('another')).fix).not.toContain('PROXY');
  });

  it('repeats no text of 1Password’s: a value may stand in it', () => {
    const canary = ['canary', Math.random()].join('-');
    for (const words of ['sending request', 'bad credentials', 'another'])
      expect(JSON.stringify(explainFailure(new Error(`${words} ${canary}`)))).not.toContain(canary);
  });
});

describe('the error of a read', () => {
  it('is a line for each value: who wanted it, and what to do', () => {
    const problems = [
      { reference: 'op://a/b/c', wantedBy: ['A', 'B'], problem: 'is empty', fix: 'Fill it.' },
      { reference: 'op://a/b/d', wantedBy: ['C'], problem: 'is gone', fix: 'Add it.' },
    ];
    const error = new VaultError('values', 'Two are missing:', problems);
    expect(error.message).toBe(
      'Two are missing:\n  - op://a/b/c: is empty, wanted by A, B. Fill it.\n  - op://a/b/d: is gone, wanted by C. Add it.',
    );
    expect([error.kind, error.problems, error.name]).toEqual(['values', problems, 'VaultError']);
  });
});
