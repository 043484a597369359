import { classCount, looksRandom } from '../randomness.ts';
import { tokenRule } from '../rule.ts';

/** AWS access keys by shape, and secret keys beside a name that says so. */
export const awsKey = tokenRule({
  id: 'aws-key',
  summary: 'AWS access key',
  fix: 'Deactivate the key in IAM, use a role instead where you can, and keep a new key in 1Password as op://vault/item/field.',
  shapes: [
    {
      pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])/g,
      hints: ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'A3T'],
      accept: (match) => match[0].startsWith('AKIA') || /\d/.test(match[0].slice(4)),
    },
    {
      pattern:
        /(?:aws[A-Za-z0-9_.\- ]{0,20}secret|secret[_\-. ]?access[_\-. ]?key)[A-Za-z0-9_.\- ]{0,20}["'`]?\s{0,3}[)\]]?\s{0,3}(?:=>|:=|[:=,>|])\s{0,3}["'`]?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/gi,
      hints: ['aws', 'AWS', 'Aws', 'secret', 'SECRET', 'Secret'],
      accept: (match) => classCount(match[1] ?? '') >= 3 && looksRandom(match[1] ?? ''),
    },
    { pattern: /(?<![A-Za-z0-9])ABSK[A-Za-z0-9+/]{109,269}={0,2}/g, hints: ['ABSK'] },
    { pattern: /amzn\.mws\.[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, hints: ['amzn.mws.'] },
  ],
});

/** What stands beside the key of a web page that uses Firebase: such a key is made to be published. */
const firebaseBeside = /authDomain|firebaseapp\.com|storageBucket|messagingSenderId|measurementId/;

const isFirebaseWebKey = (match: RegExpMatchArray): boolean => {
  const { index = 0, input = '' } = match;
  return firebaseBeside.test(input.slice(Math.max(0, index - 400), index + 400));
};

const googleApiKey = /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9])/g;

/** The key of a web page that uses Firebase. */
export const firebaseWebKey = tokenRule({
  id: 'firebase-web-key',
  severity: 'warning',
  summary: 'Firebase web key (made for browsers; its restrictions and the security rules must hold)',
  fix: 'Fine to publish when it is restricted to your pages and APIs. Prefer a setting over a literal.',
  shapes: [{ pattern: googleApiKey, hints: ['AIza'], accept: isFirebaseWebKey }],
});

/** Google's API keys, OAuth client secrets and access tokens. (Service-account files are found by their private key.) */
export const googleKey = tokenRule({
  id: 'google-key',
  summary: 'Google API key, OAuth secret or access token',
  shapes: [
    { pattern: googleApiKey, hints: ['AIza'], accept: (match) => !isFirebaseWebKey(match) },
    { pattern: /(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{28}/g, hints: ['GOCSPX-'] },
    { pattern: /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{40,1000}/g, hints: ['ya29.'] },
    { pattern: /(?<![A-Za-z0-9])1\/\/0[A-Za-z0-9_-]{60,200}/g, hints: ['1//0'] },
  ],
});

/** Azure's storage and service-bus keys, application secrets and shared-access signatures. */
export const azureKey = tokenRule({
  id: 'azure-key',
  summary: 'Azure key, application secret or shared-access signature',
  shapes: [
    {
      pattern:
        /(?:Account|SharedAccess|Shared|Access|Primary|Secondary|Master)Key["']?\s{0,3}[=:]\s{0,3}["']?([A-Za-z0-9+/]{42,100}={1,2})/gi,
      hints: ['Key', 'KEY', 'key'],
    },
    {
      pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}(?:\+ASt|AzCa|ACDb|APIM)[A-Za-z0-9+/]{5,10}={0,2}/g,
      hints: ['+ASt', 'AzCa', 'ACDb', 'APIM'],
    },
    { pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])/g, hints: ['Q~'] },
    { pattern: /[?&]s[vprt]=[^\s"'`]{4,300}&sig=([A-Za-z0-9%+/_-]{40,100}(?:%3D|=)?)/g, hints: ['&sig='] },
  ],
});
