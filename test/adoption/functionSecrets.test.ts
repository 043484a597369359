import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asSecret, type ExportedResource } from '../../engine/deployment.ts';
import { ownReferences, withOwnSecrets } from '../../adoption/functionSecrets.ts';
import type { Adoption } from '../../adoption/existing.ts';
import { Secret } from '../../secrets/secret.ts';
import { settings } from '../commands/drift/lookFixture.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const reference = 'op://Platform/Supabase/openai';

const adoption = (digest: string): Adoption => ({
  type: 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
  name: 'supabase-KEY',
  parent: 'supabase',
  id: 'project',
  note: '',
  placement: { place: 'edgeFunction', value: 'KEY', name: 'KEY', source: { kind: 'reference', reference } },
  digest,
});

/** As Pulumi's import reads it: every secret of the project, none with its value. */
const imported: ExportedResource = {
  urn: 'urn:pulumi:staging::allincompassing::supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets::supabase-KEY',
  id: 'project',
  type: 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
  inputs: { projectRef: 'project', secrets: [{ name: 'KEY' }, { name: 'OTHER' }] },
  outputs: {
    projectRef: 'project',
    secrets: [{ name: 'KEY' }, { name: 'OTHER' }],
    secretDigests: { KEY: digestOf('value'), OTHER: digestOf('other') },
    __pulumi_raw_state_delta: {},
  },
};
const vaultWith = (value: string) => new Map([[reference, new Secret(value)]]);

describe('an Edge Function secret that is taken over', () => {
  it('holds itself alone, and the vault’s value where the digest proves it', () => {
    const { resources, different } = withOwnSecrets(
      [imported],
      [adoption(digestOf('value'))],
      settings,
      vaultWith('value'),
    );
    const secrets = asSecret([{ name: 'KEY', value: 'value' }]);
    expect(resources[0]?.inputs).toEqual({ projectRef: 'project', secrets });
    expect(resources[0]?.outputs).toEqual({
      projectRef: 'project',
      secrets,
      secretDigests: asSecret({ KEY: digestOf('value') }),
    });
    expect(different).toEqual([]);
  });

  it.each([
    ['the vault has another value', vaultWith('another'), ['KEY']],
    ['the vault was not read', undefined, []],
  ])('has no value where %s', (_, vault, expected) => {
    const { resources, different } = withOwnSecrets([imported], [adoption(digestOf('value'))], settings, vault);
    expect(resources[0]?.inputs?.secrets).toEqual(asSecret([{ name: 'KEY' }]));
    expect(different).toEqual(expected);
  });

  it('leaves every other resource as it is', () => {
    const other = { ...imported, urn: 'urn:pulumi:staging::p::t::netlify-KEY' };
    expect(withOwnSecrets([other], [adoption('d')], settings, vaultWith('value')).resources).toEqual([other]);
  });

  it('wants its reference from the vault', () => {
    expect(ownReferences([adoption('d')], settings)).toEqual([{ reference, wantedBy: 'KEY (Edge Function secret)' }]);
  });
});
