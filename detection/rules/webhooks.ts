import { tokenRule } from '../rule.ts';

/** Slack's tokens and webhook addresses. */
export const slackSecret = tokenRule({
  id: 'slack-secret',
  summary: 'Slack token or webhook',
  fix: 'Revoke it in Slack (Your apps → Incoming webhooks, or OAuth), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [
    {
      pattern: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/_-]{24,120}/g,
      hints: ['hooks.slack'],
    },
    {
      pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{16,260}/g,
      hints: ['xox'],
      accept: (match) => /\d{4}/.test(match[0]),
    },
    { pattern: /(?<![A-Za-z0-9])xoxe\.xox[bp]-\d-[A-Za-z0-9]{100,200}/g, hints: ['xoxe.'] },
    { pattern: /(?<![A-Za-z0-9])xapp-\d-[A-Za-z0-9]{1,40}-\d{1,40}-[A-Za-z0-9]{20,100}/g, hints: ['xapp-'] },
  ],
});

/** Addresses of other chat and automation services that need no further password. */
export const webhookAddress = tokenRule({
  id: 'webhook-address',
  summary: 'webhook address that lets anybody post',
  shapes: [
    { pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[A-Za-z0-9_-]{50,100}/g, hints: ['/api/webhooks/'] },
    {
      pattern: /(?<![a-z0-9-])[a-z0-9-]{1,63}\.webhook\.office\.com\/webhookb2\/[A-Za-z0-9@/-]{80,300}/g,
      hints: ['webhook.office.com'],
    },
    {
      pattern: /chat\.googleapis\.com\/v1\/spaces\/[\w-]{1,100}\/messages\?key=[\w-]{1,100}&token=[\w%-]{20,100}/g,
      hints: ['chat.googleapis.com'],
    },
    { pattern: /hooks\.zapier\.com\/hooks\/catch\/\d{1,20}\/[A-Za-z0-9]{6,20}/g, hints: ['hooks.zapier.com'] },
  ],
});
