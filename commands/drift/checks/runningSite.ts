import { z } from 'zod';
import { call, ServiceError } from '../../../services/door/http.ts';
import { isSameProject } from '../../../settings/supabaseAddress.ts';
import type { Settings } from '../../../settings/settings.ts';
import { projectOf } from '../../../settings/supabaseProject.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import { recordedOrganization } from './localOrganization.ts';
import type { Part } from '../observed.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { runtimeEnvironment } from '../../../settings/names/names.ts';

/** What `/api/runtime-config` answers, as far as drift is concerned. A value of another type is a finding, not an error. */
const runtimeConfig = z.object({
  runtimeEnv: z.unknown().optional(),
  supabaseUrl: z.unknown().optional(),
  defaultOrganizationId: z.unknown().optional(),
});

/** What the deployed staging site reads: the only proof of the context that Netlify chose. */
export async function runningSite(url: string | undefined, recorded: Recorded, settings: Settings): Promise<Part> {
  if (url === undefined) {
    return {
      findings: [],
      notChecked: ['The deployed site: give its address (--site-url or STAGING_URL).'],
      unseen: 'site',
    };
  }
  const one = (kind: Difference['kind'], what: string, more: Partial<Difference> = {}) =>
    finding({ kind, subject: 'runtime-config', what, command: forStack('npm run deploy:trigger'), ...more });
  const config = await read(url);
  if (typeof config === 'string') return { findings: [one('site-unreachable', `/api/runtime-config ${config}.`)] };
  const organization = recordedOrganization(recorded);
  const [context] = settings.netlify.contexts;
  const project = context && recorded.variables.get('SUPABASE_URL')?.values.get(context)?.reveal();
  const findings: Finding[] = [];
  // Many sites do not say it: silence is no proof of another context, and none of the right one.
  const saysContext = typeof config.runtimeEnv === 'string' && config.runtimeEnv !== '';
  if (saysContext && config.runtimeEnv !== runtimeEnvironment)
    findings.push(
      one('site-wrong-context', 'The deployed site does not run as staging: it reads another context’s variables.', {
        note: 'Look at [context.staging] and [context.develop] in netlify.toml: npm run pipeline -- check PATH.',
      }),
    );
  if (
    project !== undefined &&
    !(typeof config.supabaseUrl === 'string' && isSameProject(config.supabaseUrl, project, projectOf(settings)))
  )
    findings.push(one('site-wrong-project', 'The deployed site uses another Supabase project than declared.'));
  if (organization !== undefined && config.defaultOrganizationId !== organization)
    findings.push(
      one('organization-running-differs', 'The deployed site serves another organisation than declared.', {
        note: 'A variable needs a deploy before a running site reads it.',
      }),
    );
  return saysContext
    ? { findings }
    : { findings, notChecked: ['The deployed site’s context: /api/runtime-config does not say it (runtimeEnv).'] };
}

/** The site's answer, or what is wrong with it. */
async function read(url: string): Promise<z.infer<typeof runtimeConfig> | string> {
  const site = { vendor: 'The site', baseUrl: url.replace(/\/+$/, ''), headers: {}, accessFix: 'It must be public.' };
  try {
    return (await call(site, { path: '/api/runtime-config' }, runtimeConfig)).data;
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'form') return 'does not answer an object';
    const message = error instanceof Error ? error.message : String(error);
    return `does not answer as it should (${message.replace(/^.*?: /, '').replace(/\. .*$/, '')})`;
  }
}
