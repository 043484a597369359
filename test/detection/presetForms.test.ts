import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { digits, lower, Random, upper } from './corpus/random.ts';

/**
 * Every form that secretlint's recommended preset (13.0.6) has a rule for, made up by that rule's own pattern: what it finds
 * and this detection does not is a bug of ours (docs/decisions/0018). `npm run bench -- scan` compares the two as programs.
 */
const forms: Readonly<Record<string, (r: Random) => string>> = {
  'Cloudflare, user token': (r) => `cfut_${r.base62(40)}${r.hex(8)}`,
  'Cloudflare, key': (r) => `cfk_${r.base62(40)}${r.hex(8)}`,
  'Cloudflare, account token': (r) => `cfat_${r.base62(40)}${r.hex(8)}`,
  'Stripe, live': (r) => `sk_live_${r.base62(24)}`,
  'Stripe, live, restricted': (r) => `rk_live_${r.base62(60)}`,
  'Stripe, test': (r) => `sk_test_${r.base62(24)}`,
  'Stripe, test, restricted': (r) => `rk_test_${r.base62(24)}`,
  'Vercel, vcp': (r) => `vcp_${r.base62(24)}`,
  'Vercel, vci': (r) => `vci_${r.base62(40)}`,
  'Vercel, vca': (r) => `vca_${r.base62(40)}`,
  'Vercel, vcr': (r) => `vcr_${r.base62(56)}`,
  'Vercel, vck': (r) => `vck_${r.base62(40)}`,
  'GitHub, ghp': (r) => `ghp_${r.base62(36)}`,
  'GitHub, gho': (r) => `gho_${r.base62(36)}`,
  'GitHub, ghu': (r) => `ghu_${r.base62(36)}`,
  'GitHub, ghs': (r) => `ghs_${r.base62(36)}`,
  'GitHub, ghr': (r) => `ghr_${r.base62(36)}`,
  'GitHub, signed': (r) => `ghs_${r.text(6, digits)}_${r.base62(40)}.${r.base62(200)}.${r.base62(80)}`,
  'GitHub, fine-grained': (r) => `github_pat_${r.base62(82)}`,
  'Shopify, shppa': (r) => `shppa_${r.hex(32)}`,
  'Shopify, shpca': (r) => `shpca_${r.hex(32)}`,
  'Shopify, shpat': (r) => `shpat_${r.hex(32)}`,
  'Shopify, shpss': (r) => `shpss_${r.hex(32)}`,
  SendGrid: (r) => `SG.${r.base62(22)}.${r.base62(43)}`,
  Databricks: (r) => `dapi${r.hex(32)}`,
  Docker: (r) => `dckr_pat_${r.base62(27)}`,
  Figma: (r) => `figd_${r.base62(40)}`,
  'Grafana Cloud': (r) => `glc_${r.base62(80)}`,
  'Grafana, service account': (r) => `glsa_${r.base62(32)}_${r.hex(8)}`,
  GitLab: (r) => `glpat-${r.base62(20)}`,
  Groq: (r) => `gsk_${r.base62(52)}`,
  'Hugging Face': (r) => `hf_${r.text(34, upper + lower)}`,
  'Vault, batch': (r) => `hvb.${r.base62(140)}`,
  'Vault, recovery': (r) => `hvr.${r.base62(95)}`,
  'Vault, service': (r) => `hvs.${r.base62(95)}`,
  Linear: (r) => `lin_api_${r.base62(40)}`,
  npm: (r) => `npm_${r.base62(36)}`,
  Notion: (r) => `ntn_${r.text(11, digits)}${r.base62(35)}`,
  Anthropic: (r) => `sk-ant-api03-${r.base62(93)}AA`,
  'Tailscale, auth': (r) => `tskey-auth-${r.base62(12)}-${r.base62(32)}`,
  'Tailscale, api': (r) => `tskey-api-${r.base62(12)}-${r.base62(32)}`,
  'Tailscale, client': (r) => `tskey-client-${r.base62(12)}-${r.base62(32)}`,
  'Slack, xoxb': (r) => `xoxb-${r.text(12, digits)}-${r.text(13, digits)}-${r.base62(24)}`,
  'Slack, xoxp': (r) => `xoxp-${r.text(12, digits)}-${r.text(12, digits)}-${r.text(12, digits)}-${r.hex(32)}`,
  'Slack, xapp': (r) => `xapp-1-${r.text(11, upper + digits)}-${r.text(13, digits)}-${r.hex(64)}`,
  'Slack, xoxa': (r) => `xoxa-2-${r.text(12, digits)}-${r.text(12, digits)}-${r.hex(32)}`,
  'Slack, xoxo': (r) => `xoxo-${r.text(12, digits)}-${r.base62(24)}`,
  'Slack, xoxr': (r) => `xoxr-${r.text(12, digits)}-${r.base62(24)}`,
  'Slack, webhook': (r) => `https://hooks.slack.com/services/T${r.text(9, upper)}/B${r.text(9, upper)}/${r.base62(24)}`,
  'OpenAI, project': (r) => `sk-proj-${r.base62(74)}T3BlbkFJ${r.base62(74)}`,
  'OpenAI, service account': (r) => `sk-svcacct-${r.base62(58)}T3BlbkFJ${r.base62(58)}`,
  'OpenAI, admin': (r) => `sk-admin-${r.base62(58)}T3BlbkFJ${r.base62(58)}`,
  'OpenAI, old': (r) => `sk-${r.base62(20)}T3BlbkFJ${r.base62(20)}`,
  '1Password': (r) => `ops_ey${r.base62(300)}`,
  MySQL: (r) => `mysql://root:${r.base62(16)}@db.internal-host.net:3306/app`,
  'MySQL, X protocol': (r) => `mysqlx://root:${r.base62(16)}@db.internal-host.net:33060/app`,
  PostgreSQL: (r) => `postgresql://app:${r.base62(16)}@db.internal-host.net:5432/app`,
  MongoDB: (r) => `mongodb+srv://app:${r.base62(16)}@cluster0.abcde.mongodb.net/app`,
  'JDBC, in the query': (r) => `jdbc:mysql://db.internal-host.net:3306/app?user=root&password=${r.base62(16)}`,
  'basic authentication': (r) => `https://user:${r.base62(16)}@internal-host.net/x`,
  'basic authentication, FTP': (r) => `ftp://user:${r.base62(16)}@internal-host.net/x`,
};

describe('a form of secretlint’s recommended preset', () => {
  it.each(Object.entries(forms))('is found under a name that gives nothing away: %s', (_, make) => {
    const missed = Array.from({ length: 50 }, (_value, index) => new Random(index + 1)).filter((random) => {
      const found = findSecrets(`const x = "${make(random)}";`);
      return !found.some(({ severity }) => severity === 'error');
    });
    expect(missed.map(({ seed }) => seed)).toEqual([]);
  });
});
