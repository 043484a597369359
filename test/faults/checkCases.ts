import { z } from 'zod';
import { of, type Case, type Left } from './case.ts';

/** These say nothing of a token: nobody is to make a new one for them. */
const silent = new Set([
  ...['403 retry-after', '403 remaining 0', '429', '500', '503'],
  ...['reset', 'time-out', 'half a body', 'HTML', '64 MB'],
]);
const refused = new Set(['401', '403']);

const parsed = <Shape extends z.ZodType>(shape: Shape, { ended }: Left): z.infer<Shape> | undefined => {
  try {
    return shape.parse(JSON.parse(ended.stdout));
  } catch {
    return undefined;
  }
};

const diagnoses = z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() }));

/**
 * The doctor without the vault: that it is missing makes the exit code 2 in any case, so each diagnosis is judged. Those
 * of the service are what the fault is, all others are fine.
 */
const doctor = (service: string, ...own: readonly string[]): Case =>
  of('doctor', ['--json'], service, {
    code: 2,
    judge: (left) => {
      const found = parsed(diagnoses, left);
      if (found === undefined) return ['answers no JSON'];
      return found.flatMap(({ name, state }) => {
        const mayBe =
          name === 'OP_SERVICE_ACCOUNT_TOKEN'
            ? ['missing']
            : name === 'one path deploys staging' && ['netlify', 'github'].includes(service)
              ? silent.has(left.fault)
                ? ['unknown', 'warning', 'fine']
                : ['broken', 'unknown', 'warning', 'fine']
              : !own.includes(name)
                ? ['fine', 'warning']
                : silent.has(left.fault)
                  ? ['unknown']
                  : refused.has(left.fault)
                    ? ['broken']
                    : ['broken', 'unknown'];
        return mayBe.includes(state) ? [] : [`finds ${name} ${state}, not ${mayBe.join(' or ')}`];
      });
    },
  });

const report = z.object({ checks: z.array(z.object({ name: z.string(), status: z.string() })) });

/** The smoke test: the checks of the service fail, all others pass; its browser reaches no page in either case. */
const smoke = (service: string, ...own: readonly string[]): Case =>
  of(
    'previewSmoke',
    ['--url', '{site}', '--json', '--attempts', '2', '--timeout', '{patience}', '--report-dir', 'report-{cell}'],
    service,
    {
      ...{ world: 'thrown', code: 2 },
      judge: (left) => {
        const found = parsed(report, left);
        if (found === undefined) return ['answers no JSON'];
        return found.checks.flatMap(({ name, status }) => {
          const wanted = own.includes(name) || name === 'dashboard' ? 'failed' : 'passed';
          return status === wanted ? [] : [`the check ${name} ${status}`];
        });
      },
    },
  );

/** The commands whose every check is judged. */
export const checkCases: readonly Case[] = [
  doctor('supabase', 'SUPABASE_SERVICE_ROLE_KEY'),
  doctor('netlify', 'NETLIFY_API_TOKEN', 'NETLIFY_AUTH_TOKEN'),
  doctor('github', 'GITHUB_TOKEN'),
  doctor('supabaseManagement', 'SUPABASE_ACCESS_TOKEN'),
  smoke('site', 'runtime-config', 'root-document'),
  // The site names the project itself, not the address at which it fails: that is a finding of its own.
  smoke('supabase', 'runtime-config', 'authentication', 'kill-switch', 'database'),
];
