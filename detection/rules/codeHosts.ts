import { tokenRule } from '../rule.ts';

/** GitHub's classic, fine-grained, OAuth, app and refresh tokens. */
export const githubToken = tokenRule({
  id: 'github-token',
  summary: 'GitHub token',
  fix: 'Revoke it in GitHub (Settings → Developer settings), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [
    {
      pattern: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36,251}(?![A-Za-z0-9])/g,
      hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    },
    {
      // Installation tokens since 2026: a number, and a token of three parts.
      pattern:
        /(?<![A-Za-z0-9])gh[pousr]_\d{1,20}_[A-Za-z0-9_-]{1,1000}\.[A-Za-z0-9_-]{1,10000}\.[A-Za-z0-9_-]{1,1000}/g,
      hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    },
    { pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{60,255}/g, hints: ['github_pat_'] },
  ],
});

/** GitLab's tokens of every kind. */
export const gitlabToken = tokenRule({
  id: 'gitlab-token',
  summary: 'GitLab token',
  shapes: [
    {
      pattern:
        /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_-]{20,300}(?:\.[0-9a-z]{2}(?:[0-9a-z]{7}|\.[0-9a-z]{9}))?/g,
      hints: [
        'glpat-',
        'gldt-',
        'glrt-',
        'glcbt-',
        'glptt-',
        'glft-',
        'glimt-',
        'glagent-',
        'gloas-',
        'glsoat-',
        'glffct-',
      ],
    },
    { pattern: /(?<![A-Za-z0-9])GR1348941[A-Za-z0-9_-]{20}/g, hints: ['GR1348941'] },
  ],
});

/** Tokens that publish packages: npm, PyPI, RubyGems, NuGet, crates.io, Clojars, Open VSX. */
export const packageRegistryToken = tokenRule({
  id: 'package-registry-token',
  summary: 'token of a package registry',
  shapes: [
    { pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g, hints: ['npm_'] },
    { pattern: /(?<![A-Za-z0-9])pypi-(?:AgE|[A-Za-z0-9_-]{85})[A-Za-z0-9_-]{50,1000}/g, hints: ['pypi-'] },
    { pattern: /(?<![A-Za-z0-9])rubygems_[a-f0-9]{48}(?![a-f0-9])/g, hints: ['rubygems_'] },
    { pattern: /(?<![A-Za-z0-9])oy2[a-z0-9]{43}(?![A-Za-z0-9])/g, hints: ['oy2'] },
    {
      pattern: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/g,
      hints: ['cio'],
      accept: (m) => /\d/.test(m[0]) && /[A-Z]/.test(m[0]),
    },
    { pattern: /(?<![A-Za-z0-9])CLOJARS_[a-z0-9]{60}/gi, hints: ['CLOJARS_', 'clojars_'] },
    { pattern: /(?<![A-Za-z0-9])ovsx(?:at|p)_[a-f0-9-]{36}/g, hints: ['ovsxat_', 'ovsxp_'] },
    {
      pattern: /:_(?:authToken|auth|password)\s*=\s*["']?([A-Za-z0-9+/=_-]{16,400})/g,
      hints: [':_authToken', ':_auth', ':_password'],
    },
  ],
});
