import { createHash } from 'node:crypto';
import type { LogEntry } from '../../sandbox/server/serve.ts';
import type { Project } from './project.ts';

/** The requests since entry `start` of the log that could change something on Netlify or GitHub. */
export function writesSince({ sandbox }: Project, start: number): LogEntry[] {
  return sandbox
    .log()
    .slice(start)
    .filter(({ service, method }) => service !== 'onepassword' && method !== 'GET');
}

/** What production reads: every value outside staging's branches, byte for byte; as digests, so that no value is printed. */
export function productionValues(project: Project): string[] {
  return project
    .netlify()
    .filter(({ contextParameter }) => !['staging', 'develop'].includes(contextParameter ?? ''))
    .map(
      ({ key, context, contextParameter = '', value }) =>
        `${key} ${context} ${contextParameter} ${createHash('sha256').update(value).digest('hex')}`,
    )
    .sort();
}
