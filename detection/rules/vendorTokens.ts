import type { TokenShape } from '../rule.ts';
import { looksRandom } from '../randomness.ts';
import { tokenRule } from '../rule.ts';

/** A token of `prefix` and `rest`, on its own (not in the middle of a longer word). */
function prefixed(prefix: string, rest: string): TokenShape {
  const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { pattern: new RegExp(`(?<![A-Za-z0-9])${literal}${rest}(?![A-Za-z0-9])`, 'g'), hints: [prefix] };
}

/** Tokens that other services mark with a prefix of their own, as their documentation gives them. */
export const vendorToken = tokenRule({
  id: 'vendor-token',
  summary: 'token of a hosted service, known by its prefix',
  shapes: [
    // payment
    ...['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_prod_'].map((prefix) =>
      prefixed(prefix, '[A-Za-z0-9]{16,247}'),
    ),
    prefixed('whsec_', '[A-Za-z0-9+/]{24,100}={0,2}'),
    prefixed('sq0csp-', '[A-Za-z0-9_-]{43}'),
    prefixed('sq0atp-', '[A-Za-z0-9_-]{22}'),
    prefixed('EAAA', '[A-Za-z0-9_-]{60}'),
    prefixed('FLWSECK_TEST-', '[A-Za-z0-9]{12,33}(?:-X)?'),
    prefixed('EZAK', '[A-Za-z0-9]{54}'),
    prefixed('duffel_live_', '[A-Za-z0-9_=-]{43}'),
    ...['shpat_', 'shpca_', 'shppa_', 'shpss_'].map((prefix) => prefixed(prefix, '[a-zA-Z0-9]{32,64}')),
    // mail and messages
    prefixed('SG.', '[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}'),
    prefixed('key-', '[0-9a-f]{32}'),
    prefixed('xkeysib-', '[a-f0-9]{64}-[A-Za-z0-9]{16}'),
    prefixed('xsmtpsib-', '[a-f0-9]{64}-[A-Za-z0-9]{16}'),
    prefixed('re_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'),
    { pattern: /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![0-9])/g, hints: ['-us'] },
    prefixed('SK', '[0-9a-f]{32}'),
    {
      // Discord's bot tokens begin with the bot's number in base64.
      pattern:
        /(?<![A-Za-z0-9_-])(?:M[Tjz]|N[DTjz]|O[DT])[A-Za-z0-9_-]{22,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/g,
      hints: ['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'],
      accept: (match) => looksRandom(match[0]),
    },
    { pattern: /(?<![A-Za-z0-9])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g, hints: [':AA'] },
    // hosting and infrastructure
    ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((prefix) => prefixed(prefix, '[a-f0-9]{64}')),
    prefixed('HRKU-', '[A-Za-z0-9_-]{36,64}'),
    prefixed('fo1_', '[A-Za-z0-9_-]{43}'),
    ...['fm1a_', 'fm1r_', 'fm2_'].map((prefix) => prefixed(prefix, '[A-Za-z0-9+/]{80,2000}={0,3}')),
    ...['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'].map((prefix) => prefixed(prefix, '[A-Za-z0-9]{20,60}')),
    prefixed('vercel_blob_rw_', '[A-Za-z0-9]{16}_[A-Za-z0-9]{30,40}'),
    prefixed('v1.0-', '[a-f0-9]{24}-[a-f0-9]{146}'),
    ...['cfk_', 'cfut_', 'cfat_'].map((prefix) => prefixed(prefix, '[A-Za-z0-9]{40}[0-9a-f]{8}')),
    { pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g, hints: ['.atlasv1.'] },
    ...['hvs.', 'hvb.', 'hvr.'].map((prefix) => prefixed(prefix, '[A-Za-z0-9_-]{24,300}')),
    ...['dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'].map((prefix) => prefixed(prefix, '[A-Za-z0-9]{40,44}')),
    { pattern: /(?<![A-Za-z0-9])dp\.st\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}/g, hints: ['dp.st.'] },
    prefixed('tskey-', '[a-z]{2,20}-[0-9A-Za-z_]{8,40}-[0-9A-Za-z_]{16,60}'),
    prefixed('LTAI', '[A-Za-z0-9]{20}'),
    prefixed('dckr_pat_', '[A-Za-z0-9_-]{27}'),
    prefixed('dapi', '[a-fA-F0-9]{32}(?:-\\d)?'),
    ...['pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'].map((prefix) => prefixed(prefix, '[A-Za-z0-9_=.-]{32,64}')),
    prefixed('napi_', '[a-z0-9]{60,70}'),
    prefixed('sha256~', '[A-Za-z0-9_-]{43}'),
    prefixed('AGE-SECRET-KEY-1', '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}'),
    prefixed('AKCp', '[A-Za-z0-9]{69}'),
    prefixed('cmVmd', '[A-Za-z0-9]{59}'),
    // monitoring
    ...['phx_', 'phs_'].map((prefix) => prefixed(prefix, '[A-Za-z0-9]{40,60}')),
    prefixed('glsa_', '[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}'),
    prefixed('glc_', '[A-Za-z0-9+/]{32,400}={0,2}'),
    prefixed('sntrys_', 'eyJ[A-Za-z0-9+/=_]{60,600}'),
    prefixed('sntryu_', '[a-f0-9]{64}'),
    prefixed('NRAK-', '[A-Z0-9]{27}'),
    prefixed('NRII-', '[A-Za-z0-9-]{32}'),
    prefixed('dt0c01.', '[A-Z2-7]{24}\\.[A-Z2-7]{64}'),
    // work tools
    prefixed('ATATT3', '[A-Za-z0-9_=-]{100,300}'),
    prefixed('ATCTT3', '[A-Za-z0-9_=-]{100,300}'),
    prefixed('lin_api_', '[A-Za-z0-9_]{32,128}'),
    prefixed('lin_oauth_', '[a-f0-9]{64}'),
    ...['sqp_', 'squ_', 'sqa_'].map((prefix) => prefixed(prefix, '[a-f0-9]{40}')),
    prefixed('ntn_', '[0-9]{11}[A-Za-z0-9]{35}'),
    prefixed('secret_', '[A-Za-z0-9]{43}'),
    prefixed('figd_', '[A-Za-z0-9_-]{40,200}'),
    prefixed('PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}'),
    prefixed('rdme_', '[a-z0-9]{70}'),
    prefixed('tfp_', '[A-Za-z0-9_.=-]{59}'),
    prefixed('pnu_', '[A-Za-z0-9]{36}'),
    prefixed('CFPAT-', '[A-Za-z0-9_-]{43}'),
    prefixed('sgp_', '(?:[a-f0-9]{16}_)?[a-f0-9]{40}'),
    prefixed('bkua_', '[a-f0-9]{40}'),
    prefixed('CCIPAT_', '[A-Za-z0-9]{22}_[a-f0-9]{40}'),
    prefixed('sk.eyJ', '[A-Za-z0-9_-]{40,200}\\.[A-Za-z0-9_-]{20,40}'),
    prefixed('API-', '[A-Z0-9]{26}'),
    { pattern: /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/g, hints: ['pat'] },
    { pattern: /(?<![A-Za-z0-9])EAA[A-Za-z0-9]{100,400}(?![A-Za-z0-9+/=])/g, hints: ['EAA'] },
    { pattern: /(?<![A-Za-z0-9])sl\.[A-Za-z0-9_-]{130,200}/g, hints: ['sl.'] },
  ],
});
