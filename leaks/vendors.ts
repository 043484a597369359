import type { Secret } from '../secrets/secret.ts';

/** Where a token that this vault does not hold is revoked. */
export interface Revocation {
  readonly vendor: string;
  /** The vendor's page; where it has none, the way there in words. */
  readonly page: string;
}

const at = (vendor: string, page: string): Revocation => ({ vendor, page });

/** By the scan's rule, where it is about one vendor. */
const ofRule: Readonly<Record<string, Revocation>> = {
  'supabase-service-role-key': at('Supabase', 'https://supabase.com/dashboard/project/_/settings/api-keys'),
  'supabase-anon-key': at('Supabase', 'https://supabase.com/dashboard/project/_/settings/api-keys'),
  'supabase-secret-key': at('Supabase', 'https://supabase.com/dashboard/project/_/settings/api-keys'),
  'supabase-publishable-key': at('Supabase', 'https://supabase.com/dashboard/project/_/settings/api-keys'),
  'supabase-access-token': at('Supabase', 'https://supabase.com/dashboard/account/tokens'),
  'netlify-token': at('Netlify', 'https://app.netlify.com/user/applications#personal-access-tokens'),
  'onepassword-token': at('1Password', 'https://my.1password.com/developer-tools/directory'),
  'pulumi-token': at('Pulumi Cloud', 'https://app.pulumi.com/account/tokens'),
  'github-token': at('GitHub', 'https://github.com/settings/tokens'),
  'gitlab-token': at('GitLab', 'https://gitlab.com/-/user_settings/personal_access_tokens'),
  'slack-secret': at('Slack', 'https://api.slack.com/apps'),
  'aws-key': at('AWS', 'https://console.aws.amazon.com/iam/home#/security_credentials'),
  'google-key': at('Google Cloud', 'https://console.cloud.google.com/apis/credentials'),
  'firebase-web-key': at('Google Cloud', 'https://console.cloud.google.com/apis/credentials'),
  'azure-key': at(
    'Azure',
    'https://portal.azure.com (the resource → Keys, or App registrations → Certificates & secrets)',
  ),
};

/** By what the token begins with, where a rule knows the tokens of many vendors. The longest that fits decides. */
const ofPrefix: Readonly<Record<string, Revocation>> = {
  'sk-': at('OpenAI', 'https://platform.openai.com/api-keys'),
  'sk-ant-': at('Anthropic', 'https://console.anthropic.com/settings/keys'),
  'sk-or-': at('OpenRouter', 'https://openrouter.ai/settings/keys'),
  hf_: at('Hugging Face', 'https://huggingface.co/settings/tokens'),
  gsk_: at('Groq', 'https://console.groq.com/keys'),
  r8_: at('Replicate', 'https://replicate.com/account/api-tokens'),
  'pplx-': at('Perplexity', 'https://www.perplexity.ai/settings/api'),
  'xai-': at('xAI', 'https://console.x.ai'),
  lsv2_: at('LangSmith', 'https://smith.langchain.com/settings'),
  'tvly-': at('Tavily', 'https://app.tavily.com'),
  npm_: at('npm', 'https://www.npmjs.com/settings/~/tokens'),
  'pypi-': at('PyPI', 'https://pypi.org/manage/account/token/'),
  rubygems_: at('RubyGems', 'https://rubygems.org/profile/api_keys'),
  oy2: at('NuGet', 'https://www.nuget.org/account/apikeys'),
  cio: at('crates.io', 'https://crates.io/settings/tokens'),
  sk_live_: at('Stripe', 'https://dashboard.stripe.com/apikeys'),
  rk_live_: at('Stripe', 'https://dashboard.stripe.com/apikeys'),
  sk_test_: at('Stripe', 'https://dashboard.stripe.com/test/apikeys'),
  rk_test_: at('Stripe', 'https://dashboard.stripe.com/test/apikeys'),
  whsec_: at('Stripe', 'https://dashboard.stripe.com/webhooks'),
  'sq0csp-': at('Square', 'https://developer.squareup.com/apps'),
  'sq0atp-': at('Square', 'https://developer.squareup.com/apps'),
  'SG.': at('SendGrid', 'https://app.sendgrid.com/settings/api_keys'),
  'xkeysib-': at('Brevo', 'https://app.brevo.com/settings/keys/api'),
  'xsmtpsib-': at('Brevo', 'https://app.brevo.com/settings/keys/smtp'),
  re_: at('Resend', 'https://resend.com/api-keys'),
  SK: at('Twilio', 'https://console.twilio.com/us1/account/keys-credentials/api-keys'),
  dop_v1_: at('DigitalOcean', 'https://cloud.digitalocean.com/account/api/tokens'),
  doo_v1_: at('DigitalOcean', 'https://cloud.digitalocean.com/account/api/tokens'),
  dor_v1_: at('DigitalOcean', 'https://cloud.digitalocean.com/account/api/tokens'),
  'HRKU-': at('Heroku', 'https://dashboard.heroku.com/account/applications'),
  fo1_: at('Fly.io', 'https://fly.io/user/personal_access_tokens'),
  fm1a_: at('Fly.io', 'https://fly.io/user/personal_access_tokens'),
  fm1r_: at('Fly.io', 'https://fly.io/user/personal_access_tokens'),
  fm2_: at('Fly.io', 'https://fly.io/user/personal_access_tokens'),
  vcp_: at('Vercel', 'https://vercel.com/account/settings/tokens'),
  vercel_blob_rw_: at('Vercel', 'https://vercel.com/dashboard/stores'),
  cfk_: at('Cloudflare', 'https://dash.cloudflare.com/profile/api-tokens'),
  cfut_: at('Cloudflare', 'https://dash.cloudflare.com/profile/api-tokens'),
  cfat_: at('Cloudflare', 'https://dash.cloudflare.com/profile/api-tokens'),
  'dp.': at('Doppler', 'https://dashboard.doppler.com'),
  'tskey-': at('Tailscale', 'https://login.tailscale.com/admin/settings/keys'),
  dckr_pat_: at('Docker', 'https://app.docker.com/settings/personal-access-tokens'),
  pscale_: at('PlanetScale', 'https://app.planetscale.com'),
  napi_: at('Neon', 'https://console.neon.tech/app/settings/api-keys'),
  phx_: at('PostHog', 'https://app.posthog.com/settings/user-api-keys'),
  phs_: at('PostHog', 'https://app.posthog.com/settings/project'),
  glc_: at('Grafana', 'https://grafana.com/orgs'),
  sntrys_: at('Sentry', 'https://sentry.io/settings/auth-tokens/'),
  sntryu_: at('Sentry', 'https://sentry.io/settings/account/api/auth-tokens/'),
  'NRAK-': at('New Relic', 'https://one.newrelic.com/admin-portal/api-keys/home'),
  ATATT3: at('Atlassian', 'https://id.atlassian.com/manage-profile/security/api-tokens'),
  lin_api_: at('Linear', 'https://linear.app/settings/account/security'),
  ntn_: at('Notion', 'https://www.notion.so/profile/integrations'),
  secret_: at('Notion', 'https://www.notion.so/profile/integrations'),
  figd_: at('Figma', 'https://www.figma.com/settings'),
  'PMAK-': at('Postman', 'https://go.postman.co/settings/me/api-keys'),
  'discord.com/': at('Discord', 'https://discord.com/channels/@me (the channel → Edit → Integrations → Webhooks)'),
  'hooks.zapier.com/': at('Zapier', 'https://zapier.com/app/zaps'),
  'sk.eyJ': at('Mapbox', 'https://account.mapbox.com/access-tokens/'),
};

/** What no page is known for. */
const byRule: Readonly<Record<string, string>> = {
  'private-key':
    'wherever its public half is trusted (authorized_keys, a deploy key, a certificate authority): take that away',
  'json-web-token': 'whoever issued it: end the session, or replace the key that signs',
  'url-with-password': 'the database or service in the address: give its user another password',
  'password-file-line': 'each user of the file gets another password',
};

/** Where a token is revoked, by the rule that found it and by what it begins with. */
export function revocationOf(rule: string, token: Secret): Revocation {
  const text = token.reveal();
  const [prefix] = Object.keys(ofPrefix)
    .filter((each) => text.startsWith(each))
    .sort((one, other) => other.length - one.length);
  const { [rule]: own } = ofRule;
  // A rule of many vendors knows nothing more; that of one knows its tokens better than a beginning does.
  if (own !== undefined) return own;
  const known = prefix === undefined ? undefined : ofPrefix[prefix];
  if (known !== undefined && manyVendors.includes(rule)) return known;
  if (known !== undefined && byName.includes(rule)) return at(`perhaps ${known.vendor}`, known.page);
  return at('its vendor', byRule[rule] ?? 'the page of keys and tokens of whoever made it');
}

/** Rules whose tokens are distinguished by how they begin. */
const manyVendors: readonly string[] = [
  'model-provider-key',
  'package-registry-token',
  'vendor-token',
  'webhook-address',
];

/** Rules that go by the name beside a value: how it begins is a hint, for a password of one's own may begin so. */
const byName: readonly string[] = ['secret-under-sensitive-name', 'authorization-header', 'secret-on-command-line'];

/** How the tokens of a rule about one vendor begin. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  'supabase-access-token': ['sbp_'],
  'supabase-secret-key': ['sb_secret_'],
  'supabase-publishable-key': ['sb_publishable_'],
  'netlify-token': ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'],
  'onepassword-token': ['ops_'],
  'pulumi-token': ['pul-'],
  'github-token': ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
  'gitlab-token': ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'gloas-', 'glsoat-'],
  'slack-secret': ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
};

/** Every known beginning that ends in a mark: of others, a random value has the letters by chance. */
const known: readonly { readonly vendor: string; readonly beginning: string }[] = [
  ...Object.entries(beginnings).flatMap(([rule, own]) =>
    own.map((beginning) => ({ vendor: ofRule[rule]?.vendor ?? rule, beginning })),
  ),
  ...Object.entries(ofPrefix)
    .filter(([beginning]) => /^.{2,}[-_.]$/.test(beginning))
    .map(([beginning, { vendor }]) => ({ vendor, beginning })),
].sort((one, other) => other.beginning.length - one.beginning.length);

/** Whose a token is by what it begins with, and that beginning: the same in all of a kind, so no part of the secret. */
export function beginningOf(token: Secret): { readonly vendor: string; readonly beginning: string } | undefined {
  const text = token.reveal();
  return known.find(({ beginning }) => text.startsWith(beginning));
}
