import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../../machine/writeWhole.ts';
import { callerEnvironment } from '../../process/callerEnvironment.ts';
import { type Endpoints, portOf } from '../../process/endpoints.ts';
import { supabase } from '../../process/identity.ts';
import { startInternet } from './internet.ts';

/** How a process reaches the deployed sites and the database under the names that the deployed site itself uses. */
export interface RealNames {
  /** For any process of Node. */
  readonly environment: Readonly<Record<string, string>>;
  /** For Chromium, which has its own list of authorities. */
  readonly browserArguments: string;
}

/** Opens them with the first call; `close` ends them if they were opened. */
export function realNames(dir: string, endpoints: () => Endpoints) {
  let opened: Promise<RealNames & { close(): Promise<void> }> | undefined;
  const open = () => (opened ??= start(dir, endpoints()));
  return Object.assign(
    async (): Promise<RealNames> => {
      const { environment, browserArguments } = await open();
      return { environment, browserArguments };
    },
    { close: async () => (await opened)?.close() },
  );
}

async function start(dir: string, { hosting, supabase: database }: Endpoints) {
  const internet = await startInternet({
    '*.netlify.app': portOf(hosting),
    [new URL(supabase.url).hostname]: portOf(database),
  });
  const { NODE_EXTRA_CA_CERTS: more, NO_PROXY = '', no_proxy = '' } = callerEnvironment();
  const authorities = join(dir, 'authorities.pem');
  writeWhole(
    authorities,
    `${more === undefined ? '' : readFileSync(more, 'utf8')}\n${internet.certificate.certificate}`,
    0o600,
  );
  const proxy = { HTTPS_PROXY: internet.proxy, https_proxy: internet.proxy, NO_PROXY, no_proxy };
  return {
    environment: { ...proxy, NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: authorities },
    browserArguments: `--proxy-server=${internet.proxy} --ignore-certificate-errors-spki-list=${internet.certificate.spkiHash}`,
    close: () => internet.close(),
  };
}
