import { createHash } from 'node:crypto';
import type { BuiltApplication } from './buildApplication.ts';

/** A Netlify API with a token, and the site to deploy to. */
export interface DeployTarget {
  readonly apiUrl: string;
  readonly token: string;
  readonly siteId: string;
}

/** What a new deploy asks for. */
interface Wanted {
  readonly id: string;
  readonly required: readonly string[];
  readonly required_functions: readonly string[];
}

/** Deploys a build to a branch, as Netlify's command line does; yields the deploy's id. */
export async function deployApplication(
  { apiUrl, token, siteId }: DeployTarget,
  branch: string,
  { files, functions }: BuiltApplication,
): Promise<string> {
  const send = async (method: string, path: string, body: string | Buffer, type = 'application/octet-stream') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(`${apiUrl}/api/v1${path}`, { method, headers, body: bytes });
    if (!response.ok) throw new Error(`Netlify's stand-in answers ${response.status} to ${method} ${path}`);
    return (await response.json()) as Wanted;
  };
  const digests = (kind: string, parts: Readonly<Record<string, Buffer>>) =>
    Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, createHash(kind).update(bytes).digest('hex')]),
    );
  const parts = { files: digests('sha1', files), functions: digests('sha256', functions) };
  const { id } = await send('POST', `/sites/${siteId}/deploys`, JSON.stringify({ branch }), 'application/json');
  const wanted = await send('PUT', `/sites/${siteId}/deploys/${id}`, JSON.stringify(parts), 'application/json');
  for (const [path, bytes] of Object.entries(files)) {
    if (wanted.required.includes(parts.files[path] ?? '')) await send('PUT', `/deploys/${id}/files${path}`, bytes);
  }
  for (const [name, bytes] of Object.entries(functions)) {
    if (!wanted.required_functions.includes(parts.functions[name] ?? '')) continue;
    await send('PUT', `/deploys/${id}/functions/${name}?runtime=js`, bytes);
  }
  return id;
}
