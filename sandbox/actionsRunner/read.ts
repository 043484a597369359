import { convertWorkflowTemplate, isMapping, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import type { Job } from '@actions/workflow-parser/model/workflow-template';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { parse } from 'yaml';

/** A workflow as GitHub's own parser reads it. */
export interface Workflow {
  readonly events: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
  /** `with:` of a step, which the parser's model leaves out. */
  readonly inputs: (job: string, step: number) => Readonly<Record<string, unknown>>;
  /** `environment.url` of a job, to be evaluated after its steps. */
  readonly environmentUrl: (job: string) => TemplateToken | undefined;
}

/** Reads a workflow file; anything that GitHub would refuse is an error. */
export async function readWorkflow(name: string, content: string): Promise<Workflow> {
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const problems = parsed.context.errors.getErrors().map((error) => error.message);
  if (!parsed.value || problems.length > 0) throw new Error(`${name}: ${problems.join('; ')}`);
  const template = await convertWorkflowTemplate(parsed.context, parsed.value);
  const errors = [...(template.errors ?? []).map((error) => error.Message)];
  if (errors.length > 0) throw new Error(`${name}: ${errors.join('; ')}`);
  const raw = parse(content) as { jobs: Record<string, { steps: { with?: Record<string, unknown> }[] }> };
  const jobs = Object.fromEntries(template.jobs.flatMap((job) => (job.type === 'job' ? [[job.id.value, job]] : [])));
  return {
    events: template.events,
    jobs,
    environmentUrl: (job) => {
      const environment = jobs[job]?.environment;
      if (environment === undefined || !isMapping(environment)) return undefined;
      return environment.find('url');
    },
    inputs: (job, step) => raw.jobs[job]?.steps[step]?.with ?? {},
  };
}
