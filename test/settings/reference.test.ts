import { describe, expect, it } from '@jest/globals';
import { referenceProblem } from '../../settings/reference.ts';

describe('a 1Password reference', () => {
  it.each([
    'op://Platform/Supabase/url',
    'op://Platform/Supabase keys/section/url',
    'op://a.b/c_d/e-f',
    'op://Platform/deploy key/private key?ssh-format=openssh',
  ])('is %s', (text) => expect(referenceProblem(text)).toBeUndefined());

  it.each([
    ['op://Platform/Supabase (new)/url', 'has a ( in a name'],
    ['op://Platform/It’s/url', 'has a ’ in a name'],
    ['op://Platform/Süpabase/url', 'has a ü in a name'],
    ['op://Platform/Supa%28base/url', 'has a % in a name'],
    ['op://Platform/a:b/url', 'op item get TITLE'],
    ['op://Platform/a\u0007b/url', 'has a U+0007 in a name'],
    ['op://Platform/Supabase/code?attribute=otp', 'one-time password'],
    ['op://Platform/Supabase/code?attribute=totp', 'one-time password'],
    ['op://Platform/Supabase/url?attribute=value', 'only ?ssh-format=openssh'],
    ['op://Platform/Supabase/key?ssh-format=pem', 'only ?ssh-format=openssh'],
    ['op://Platform/Supabase/key?ssh-format=openssh?x', 'only ?ssh-format=openssh'],
    ['op://Platform/Supabase', 'must be a 1Password reference'],
    ['op://Platform/Supabase/a/b/c', 'must be a 1Password reference'],
    ['op://Platform//url', 'must be a 1Password reference'],
    ['op://Platform/Supabase/url ', 'must be a 1Password reference'],
    ['hunter2?', 'must be a 1Password reference'],
  ])('is not %j, and the reason is named', (text, part) => expect(referenceProblem(text)).toContain(part));

  it('repeats nothing of a text that may be a secret', () => {
    expect(referenceProblem('s3cr(t')).not.toContain('(');
  });
});
