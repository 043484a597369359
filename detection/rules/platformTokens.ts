import { looksRandom } from '../randomness.ts';
import { tokenRule } from '../rule.ts';

/** Netlify's personal, CLI, OAuth, UI and build tokens, and build hooks (whoever has the address can start a deploy). */
export const netlifyToken = tokenRule({
  id: 'netlify-token',
  summary: 'Netlify token or build hook',
  fix: 'Revoke it in Netlify (User settings → Applications, or Build hooks), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [
    { pattern: /(?<![A-Za-z0-9])nf[pcoub]_[A-Za-z0-9_-]{30,64}/g, hints: ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'] },
    { pattern: /api\.netlify\.com\/build_hooks\/([0-9a-f]{20,32})/g, hints: ['build_hooks/'] },
  ],
});

/** 1Password's service-account tokens and Secret Keys. */
export const onePasswordToken = tokenRule({
  id: 'onepassword-token',
  summary: '1Password service-account token or Secret Key',
  fix: 'Revoke it in 1Password (Developer → Service accounts, or regenerate the Secret Key) and give the new one to the machine that needs it only.',
  shapes: [
    { pattern: /(?<![A-Za-z0-9])ops_eyJ[A-Za-z0-9+/_-]{40,4000}={0,2}/g, hints: ['ops_eyJ'] },
    {
      pattern: /(?<![A-Za-z0-9])ops_[A-Za-z0-9]{60,4000}(?![A-Za-z0-9])/g,
      hints: ['ops_'],
      accept: (match) => looksRandom(match[0].slice(4)),
    },
    {
      pattern: /(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-[A-Z0-9]{6}-?(?:[A-Z0-9]{5}-){3}[A-Z0-9]{5}(?![A-Za-z0-9])/g,
      hints: ['A3-'],
    },
  ],
});

/** Pulumi Cloud's access tokens: they read every stack's state and secrets. */
export const pulumiToken = tokenRule({
  id: 'pulumi-token',
  summary: 'Pulumi Cloud access token',
  fix: 'Revoke it in Pulumi Cloud (Settings → Access tokens), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [{ pattern: /(?<![A-Za-z0-9])pul-[a-f0-9]{40}(?![a-f0-9])/g, hints: ['pul-'] }],
});
