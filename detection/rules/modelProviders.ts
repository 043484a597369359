import { tokenRule } from '../rule.ts';

/** Keys of OpenAI, Anthropic and other providers of language models: whoever has one spends the owner's money. */
export const modelProviderKey = tokenRule({
  id: 'model-provider-key',
  summary: 'API key of a language-model provider (OpenAI, Anthropic, …)',
  fix: 'Revoke it with the provider, keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [
    { pattern: /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{36,260}/g, hints: ['sk-'] },
    { pattern: /(?<![A-Za-z0-9])sk-ant-[a-z]{2,8}\d\d-[A-Za-z0-9_-]{60,200}/g, hints: ['sk-ant-'] },
    { pattern: /(?<![A-Za-z0-9])sk-or-v1-[0-9a-f]{64}/g, hints: ['sk-or-'] },
    {
      pattern: /(?<![A-Za-z0-9])sk-[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])/g,
      hints: ['sk-'],
      accept: (match) => /\d|[a-z][A-Z].*[a-z][A-Z]/.test(match[0]),
    },
    { pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34,40}(?![A-Za-z0-9])/g, hints: ['hf_'] },
    { pattern: /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9])/g, hints: ['gsk_'] },
    { pattern: /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/g, hints: ['r8_'] },
    { pattern: /(?<![A-Za-z0-9])pplx-[A-Za-z0-9]{48}/g, hints: ['pplx-'] },
    { pattern: /(?<![A-Za-z0-9])xai-[A-Za-z0-9]{70,90}/g, hints: ['xai-'] },
    { pattern: /(?<![A-Za-z0-9])lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/g, hints: ['lsv2_'] },
    { pattern: /(?<![A-Za-z0-9])tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}/g, hints: ['tvly-'] },
  ],
});
