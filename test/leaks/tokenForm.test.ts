import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { otherForm } from '../../leaks/tokenForm.ts';
import { Secret } from '../../secrets/secret.ts';

const digits = createHash('sha512').update('made up for this test').digest('hex');
const form = (old: string, fresh: string, vendor = 'its vendor') =>
  otherForm(new Secret(old + digits.slice(0, 40)), new Secret(fresh + digits.slice(40, 80)), vendor);

describe('the form of a new token', () => {
  it.each([
    ['ghp_', 'ghp_', 'GitHub'],
    ['ghp_', 'github_pat_', 'GitHub'],
    ['', 'nfp_', 'Netlify'],
    ['nfc_', 'nfp_', 'Netlify'],
    ['sk-', 'sk-proj-', 'OpenAI'],
    ['sk-proj-', 'sk-svcacct-', 'OpenAI'],
    ['re_', 're_', 'its vendor'],
    ['', '', 'its vendor'],
    ['QmXkPlWq_', 'ZyTr-', 'its vendor'],
    ['acme_', 'acme_', 'its vendor'],
    ['https://hooks.slack.com/services/T', 'https://hooks.slack.com/services/T', 'Slack'],
    ['postgres://one:x@db.example/', 'postgres://other:y@db.example/', 'its vendor'],
  ])('is right: %s…, then %s… of %s', (old, fresh, vendor) => {
    expect(form(old, fresh, vendor)).toBeUndefined();
  });

  it.each([
    ['ghp_', '', 'GitHub', 'does not begin as the old one does (ghp_…)'],
    ['ghp_', 'nfp_', 'GitHub', 'does not begin as the old one does (ghp_…), but as a token of Netlify (nfp_…)'],
    [
      'sk-proj-',
      'sk-ant-',
      'OpenAI',
      'does not begin as the old one does (sk-…), but as a token of Anthropic (sk-ant-…)',
    ],
    ['', 'ghp_', 'Netlify', 'does not begin as the old one does, but as a token of GitHub (ghp_…)'],
    ['acme_', 'other_', 'its vendor', 'does not begin as the old one does'],
    ['acme_', 'nfp_', 'Netlify', 'does not begin as the old one does, but as a token of Netlify (nfp_…)'],
    [
      'https://hooks.slack.com/services/T',
      'xoxb-',
      'Slack',
      'does not begin as the old one does, but as a token of Slack (xoxb-…)',
    ],
    ['https://secret-host.example/', 'https://other-host.example/', 'its vendor', 'does not begin as the old one does'],
  ])('is another: %s…, then %s… of %s', (old, fresh, vendor, why) => {
    expect(form(old, fresh, vendor)).toBe(why);
  });

  it('shows no letter of a secret that has a mark by chance', () => {
    for (const old of ['QmXkPlWq_', 'madeup_', 'secretword-', 'SK_', 'cio-', 'oy2_'])
      expect(form(old, 'nfp_', 'Netlify') ?? '').not.toContain(old.slice(0, 3));
  });
});
