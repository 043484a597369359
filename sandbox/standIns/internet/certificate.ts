import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate for the names that the sandbox plays, made anew each time: no key is kept anywhere. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
  /** What Chromium's `--ignore-certificate-errors-spki-list` takes: this key alone is trusted, no other. */
  readonly spkiHash: string;
}

/** Makes a certificate for these names (`*.example.com` too), valid for a day. */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'sandbox' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + 24 * 3600_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  const spki = new X509Certificate(made.cert).publicKey.export({ type: 'spki', format: 'der' });
  return {
    key: made.private,
    certificate: made.cert,
    spkiHash: createHash('sha256').update(spki).digest('base64'),
  };
}
