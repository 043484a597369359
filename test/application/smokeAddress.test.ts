import { describe, expect, it } from '@jest/globals';
import { isAddressOf } from '../../deploys/recordedAddress.ts';

const id = '0123456789abcdef01234567';
const deploy = { id, url: 'https://develop--practice.netlify.app' };

describe('a recorded deploy address', () => {
  it.each([`https://${id}--practice.netlify.app`, `https://${id}--practice.netlify.app/`])(
    'is the deploy’s own: %s',
    (url) => {
      expect(isAddressOf(url, deploy)).toBe(true);
    },
  );

  it.each([
    ['another host that begins alike', `https://${id}--practice.netlify.app.evil.example`],
    ['another site', `https://${id}--other.netlify.app`],
    ['another domain', `https://${id}--evil.example`],
    ['another deploy', 'https://fedcba9876543210fedcba98--practice.netlify.app'],
    ['the branch’s address, which moves on', 'https://develop--practice.netlify.app'],
    ['no TLS', `http://${id}--practice.netlify.app`],
    ['another port', `https://${id}--practice.netlify.app:8443`],
    ['a user', `https://practice@${id}--practice.netlify.app`],
    ['a path', `https://${id}--practice.netlify.app/collect`],
    ['a query', `https://${id}--practice.netlify.app/?to=evil`],
    ['no address', ''],
  ])('is not: %s', (_what, url) => {
    expect(isAddressOf(url, deploy)).toBe(false);
  });
});
