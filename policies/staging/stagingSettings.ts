import { stackConfiguration } from '../shared/stackConfiguration.ts';

/** Where one variable comes from, as the stack's configuration declares it. */
export interface ConfiguredVariable {
  /** The source in staging's own contexts; `undefined` for a literal. */
  readonly from: string | undefined;
  readonly secret: boolean;
  readonly otherContexts: Readonly<Record<string, string>>;
}

/** What these policies need of the stack's configuration. Lenient: the program itself checks the form. */
export interface StagingSettings {
  /** Whether the stack is configured as a staging environment at all. */
  readonly configured: boolean;
  /** The one organisation id, or its reference. */
  readonly organizationId: string | undefined;
  readonly mode: string | undefined;
  /** Whether staging has a site of its own, and production's is named beside it: its contexts are staging's then. */
  readonly isSeparateSite: boolean;
  /** Staging's contexts. */
  readonly contexts: readonly string[];
  readonly variables: Readonly<Record<string, ConfiguredVariable>>;
  /** Sources of GitHub secrets. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** The protected branch. */
  readonly branch: string;
  readonly folder: string | undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function variableOf(value: unknown): ConfiguredVariable {
  const others = Object.entries(record(record(value).otherContexts));
  return {
    from: text(record(value).from),
    secret: record(value).secret === true,
    otherContexts: Object.fromEntries(others.map(([context, from]) => [context, text(from) ?? ''])),
  };
}

/** Every source of a variable, by its key in the configuration. */
export function sourcesOf(name: string, variable: ConfiguredVariable): [string, string | undefined][] {
  const others = Object.entries(variable.otherContexts);
  return [
    [`netlify.variables.${name}.from`, variable.from],
    ...others.map(([context, from]): [string, string] => [`netlify.variables.${name}.otherContexts.${context}`, from]),
  ];
}

/** Reads `<project>:netlify` and `<project>:github` from the configuration of the running stack. */
export function stagingSettings(): StagingSettings {
  const { project, values, folder } = stackConfiguration();
  const netlify = record(values[`${project}:netlify`]);
  const github = record(values[`${project}:github`]);
  const contexts = Array.isArray(netlify.contexts)
    ? netlify.contexts.filter((one) => typeof one === 'string')
    : undefined;
  const mode = text(netlify.mode) ?? (Object.keys(netlify).length > 0 ? 'shared-site' : undefined);
  const [site, productionSite] = [text(netlify.site)?.toLowerCase(), text(netlify.productionSite)?.toLowerCase()];
  return {
    configured: Object.keys(netlify).length > 0 || Object.keys(github).length > 0,
    organizationId: text(values[`${project}:organizationId`]),
    mode,
    isSeparateSite: mode === 'separate-site' && productionSite !== undefined && productionSite !== site,
    contexts: contexts ?? ['branch:staging', 'branch:develop'],
    variables: Object.fromEntries(
      Object.entries(record(netlify.variables)).map(([name, value]) => [name, variableOf(value)]),
    ),
    secrets: Object.fromEntries(
      Object.entries(record(github.secrets)).map(([name, value]) => [name, text(record(value).from)]),
    ),
    branch: text(record(github.protection).branch) ?? 'develop',
    folder,
  };
}
