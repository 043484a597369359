import { describe, expect, it } from '@jest/globals';
import { hintOf } from '../../../commands/drift/finding.ts';
import { newer, type Use } from '../../../commands/drift/checks/vault.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { Context } from '../../../settings/context.ts';

const use = (name: string, context: Context, reference: string): Use => ({
  name,
  reference,
  wantedBy: `${name} (${context})`,
  resource: `netlify-${name}`,
  context,
  written: new Secret('old'),
  foreign: context === 'production',
});
const ofStaging = use('KEY', 'branch:staging', 'op://v/staging/key');
const ofProduction = use('KEY', 'production', 'op://v/production/key');
const other = use('OTHER', 'branch:staging', 'op://v/staging/other');

/** The findings when the vault has newer values of these. */
const found = (...changed: Use[]) => {
  const all = [ofStaging, ofProduction, other];
  const values = all.map((each): [string, Secret] => [
    each.reference,
    new Secret(changed.includes(each) ? 'new' : 'old'),
  ]);
  return new Map(newer(all, new Map(values), () => []).map((each) => [each.where.subject, each]));
};

describe('a key whose values are newer in the vault', () => {
  it('asks for production where its own value of the key is newer, too: an update writes the key whole', () => {
    const findings = found(ofStaging, ofProduction, other);
    expect(findings.get(ofStaging.reference)).toMatchObject({
      kind: 'vault-value-changed',
      fix: { by: 'ask', production: expect.stringContaining('KEY') },
    });
    expect(findings.get(ofProduction.reference)?.fix.by).toBe('person');
    // Another key's update leaves production alone.
    expect(findings.get(other.reference)?.fix).toMatchObject({ by: 'machine' });
    expect(findings.get(other.reference)?.fix.production).toBeUndefined();
  });

  it('is for the machine where production’s own value is what the last update wrote', () => {
    const fix = found(ofStaging).get(ofStaging.reference)?.fix;
    expect(fix).toMatchObject({ by: 'machine' });
    expect(fix && hintOf(fix)).toBe('to fix it');
  });
});
