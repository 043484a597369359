/** Whether a credential may go there: by TLS, or to this machine itself. */
export function isSafeTransport(url: string | URL): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** Whether a host, as `URL` spells it, is this machine. */
export function isLoopback(hostname: string): boolean {
  // URL has brought 127.1 and 0x7f000001 into this form already.
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** What is wrong with TLS in this process as a whole: a service may be anybody. `undefined` where it is as it should be. */
export function uncheckedCertificates(env: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return undefined;
  return 'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pass for the service. Unset it; NODE_EXTRA_CA_CERTS names a CA of your own';
}
