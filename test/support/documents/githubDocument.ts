import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { github } from '../../../sandbox/process/identity.ts';
import type { Exchange } from '../../../sandbox/server/serve.ts';
import { validateExchange } from './openapi.ts';
import type { Json } from './openapiSchema.ts';

/** GitHub's own description of what the stand-in serves: githubSchema/update.ts. */
export const githubDescription = JSON.parse(
  readFileSync(join(process.cwd(), 'test/support/documents/githubSchema/document.json'), 'utf8'),
) as Json;

/** GitHub's document lists few errors per operation, though every operation can give these. */
const alsoAnswers = [400, 401, 403, 404, 409, 422, 429];

/**
 * What is wrong with an exchange by GitHub's description. Older paths by a repository's id are validated as those by its
 * name, which replaced them.
 */
export function githubProblems(exchange: Exchange): string[] {
  if (exchange.reply.status === 304) return []; // has no body to validate
  const path = exchange.request.path
    .replace(/^\/api\/v3/, '')
    .replace(/^\/repositories\/\d+\//, `/repos/${github.owner}/${github.repository}/`);
  const request = { ...exchange.request, path, body: asDescribed(exchange.request.body) };
  return validateExchange(githubDescription, { ...exchange, request }, { alsoAnswers });
}

/**
 * The two things that real clients (go-github in Terraform's provider) send and GitHub takes against its own
 * description: checks without the deprecated contexts, and whether administrators may pass an environment's rules.
 */
function asDescribed(body: Buffer): Buffer {
  const known = /"checks":|"can_admins_bypass":/.test(body.toString('utf8'));
  if (!known) return body;
  const described = JSON.parse(body.toString('utf8')) as {
    can_admins_bypass?: boolean;
    required_status_checks?: { checks?: unknown; contexts?: unknown } | null;
  };
  delete described.can_admins_bypass;
  const checks = described.required_status_checks;
  if (checks?.checks) checks.contexts ??= [];
  return Buffer.from(JSON.stringify(described));
}
