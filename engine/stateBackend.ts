import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { shownStateUrl } from './stateUrl.ts';
import { pulumi } from './pulumi.ts';

/**
 * Where the stack's state is kept: a folder of this machine (or of a shared disk), a service that only stores it (S3 and
 * compatible, Google Cloud Storage, Azure, PostgreSQL), or Pulumi Cloud, each by an address that may be shown.
 */
export type StateBackend =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'service' | 'cloud'; readonly url: string };

/** The backend that Pulumi uses in `root`, by its own answer. */
export async function stateBackend(root: string): Promise<StateBackend> {
  const { url = '' } = JSON.parse(await pulumi(['whoami', '--json'], { cwd: root })) as { url?: string };
  return backendOf(url, root);
}

/** A backend by its URL, as Pulumi reads it: `file://` may be relative to `root` or begin with `~`. */
export function backendOf(url: string, root: string): StateBackend {
  if (/^https?:/i.test(url)) return { kind: 'cloud', url: shownStateUrl(url) };
  if (!url.startsWith('file://')) return { kind: 'service', url: shownStateUrl(url) };
  const path = decodeURIComponent(url.slice('file://'.length).split('?')[0] ?? '');
  return { kind: 'folder', folder: path.startsWith('~') ? join(homedir(), path.slice(1)) : resolve(root, path) };
}
