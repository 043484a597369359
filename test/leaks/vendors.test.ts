import { describe, expect, it } from '@jest/globals';
import { shapeRules } from '../../detection/rules/index.ts';
import { revocationOf } from '../../leaks/vendors.ts';
import { Secret } from '../../secrets/secret.ts';

describe('where a token of another vault is revoked', () => {
  it('is known by the rule, and by how the token begins where a rule knows many vendors', () => {
    const of = (rule: string, token: string) => revocationOf(rule, new Secret(token));
    expect(of('model-provider-key', 'sk-ant-api03-x')).toEqual({
      vendor: 'Anthropic',
      page: 'https://console.anthropic.com/settings/keys',
    });
    expect(of('model-provider-key', 'sk-proj-x').vendor).toBe('OpenAI');
    expect(of('package-registry-token', 'npm_x').vendor).toBe('npm');
    expect(of('vendor-token', 'vercel_blob_rw_x').vendor).toBe('Vercel');
    expect(of('webhook-address', 'discord.com/api/webhooks/1').vendor).toBe('Discord');
    // One vendor's rule is not misled by a beginning.
    expect(of('netlify-token', 're_x').vendor).toBe('Netlify');
    // A password of one's own may begin so, too.
    expect(of('secret-under-sensitive-name', 'hf_x').vendor).toBe('perhaps Hugging Face');
  });

  it('is always something to do, for every rule that knows a secret by its form', () => {
    for (const { id } of shapeRules) {
      const { vendor, page } = revocationOf(id, new Secret('x'));
      expect([id, vendor === '', page === '']).toEqual([id, false, false]);
    }
    const anonymous = shapeRules
      .map(({ id }) => id)
      .filter((id) => revocationOf(id, new Secret('x')).vendor === 'its vendor');
    expect(anonymous).toEqual([
      ...['package-registry-token', 'webhook-address', 'model-provider-key', 'private-key', 'vendor-token'],
      ...[
        'json-web-token',
        'url-with-password',
        'authorization-header',
        'secret-on-command-line',
        'password-file-line',
      ],
    ]);
  });
});
