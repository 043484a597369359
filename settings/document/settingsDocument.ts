import { format } from 'prettier';
import { namespace } from '../names/names.ts';
import { settingsSchema, stackFileSchema, type JsonSchema } from './jsonSchema.ts';

const introduction = `
# Settings

<!-- Written by \`npm run docs:settings\`; do not edit. -->

Below \`config:\` in \`Pulumi.staging.yaml\`. An unknown or wrong setting is an error that names the key and the fix. This page and
\`settings/pulumi-stack.schema.json\`, by which an editor completes and checks the file, are made from the program's own schema:
\`npm run docs:settings\` and \`npm run schema:settings\`.

## Values

\`${namespace}:values\` is one list: each value once, with its source and the places that get it.

A place is \`true\` (the value stands there under its own name), another name, options, or a list of these:

\`\`\`yaml
config:
  ${namespace}:organizationId: op://Platform/Supabase/default_organization_id
  ${namespace}:values:
    SLACK_WEBHOOK_URL: {from: op://Platform/Supabase/slack_webhook_url, actionsSecret: true}
    VITE_API_URL: {value: https://api.example.com, netlify: true, actionsVariable: API_URL}
    DEFAULT_ORGANIZATION_ID: {from: organizationId, production: organizationId, netlify: true, edgeFunction: true, localFile: true}
    SUPABASE_SERVICE_ROLE_KEY:
      from: op://Platform/Supabase/service_role_key
      netlify: [{secret: true}, {as: SERVICE_KEY, secret: true}]
      actionsSecret: {environments: [staging, qa]}
\`\`\`

To leave a place out, remove its line. A value has at least one place, and exactly one of \`from\` and \`value\`.
`;

/** docs/settings.md, made of the schema that checks the settings. */
export async function settingsDocument(): Promise<string> {
  const { values = {}, ...others } = settingsSchema().properties ?? {};
  const value = typeof values.additionalProperties === 'object' ? values.additionalProperties : {};
  const fields = Object.entries(value.properties ?? {});
  const isPlace = ([, schema]: readonly [string, JsonSchema]) => optionsOf(schema) !== undefined;
  const text = [
    introduction,
    '### A value',
    bullets('', Object.fromEntries(fields.filter((field) => !isPlace(field))), undefined),
    '### Its places',
    ...fields.filter(isPlace).map(place),
    '## Other settings',
    bullets('', outside(others), []),
    ...Object.entries(others).flatMap(([key, schema]) => section(key, schema)),
  ].join('\n\n');
  return format(text, { parser: 'markdown', singleQuote: true, printWidth: 120 });
}

/** A place's description, and its options below it. */
function place([key, schema]: readonly [string, JsonSchema]): string {
  const options = bullets('', optionsOf(schema)?.properties ?? {}, undefined);
  return [`- \`${key}\`: ${schema.description ?? ''}`, ...options.split('\n').map((line) => `  ${line}`)].join('\n');
}

/** The form with options among the forms of a place; `undefined` for what is no place. */
function optionsOf({ anyOf = [] }: JsonSchema): JsonSchema | undefined {
  return anyOf.find(({ properties }) => properties !== undefined);
}

/** Settings that have a line each of their own: those of the file without settings below them. */
function outside(settings: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  const file = stackFileSchema().properties?.config?.properties ?? {};
  const isOwn = (key: string) => key === valuesKey || key.slice(namespace.length + 1) in settings;
  return Object.fromEntries<JsonSchema>([
    ...Object.entries(file)
      .filter(([key]) => !isOwn(key))
      .map(([key, { description = '' }]) => [key, { description }] as const),
    ...Object.entries(settings)
      .filter(([, { properties }]) => properties === undefined)
      .map(([key, schema]) => [`${namespace}:${key}`, schema] as const),
  ]);
}

function section(key: string, { description = '', properties, required = [] }: JsonSchema): string[] {
  if (properties === undefined) return [];
  return [`## \`${namespace}:${key}\``, description, bullets('', properties, required)];
}

/** One line a setting; what has settings below it is named by its path. `required` without a value: nothing is said of it. */
function bullets(
  prefix: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] | undefined,
): string {
  return Object.entries(properties)
    .map(([key, schema]) => {
      const path = `${prefix}${key}`;
      const { description = '', properties: below } = schema;
      const must = required?.includes(key) === true || alwaysRequired.includes(key) ? ' Required.' : '';
      const own = `- \`${path}\`: ${description}${must}${below ? '' : preset(schema)}`;
      return below ? `${own}\n${bullets(`${path}.`, below, schema.required)}` : own;
    })
    .join('\n');
}

const valuesKey = `${namespace}:values`;

const alwaysRequired: readonly string[] = ['github:owner', `${namespace}:organizationId`];

function preset({ default: given, description = '' }: JsonSchema): string {
  if (given === undefined || description.includes('Default: ')) return '';
  if (Array.isArray(given)) return ` Default: ${given.length === 0 ? 'none' : `\`[${given.join(', ')}]\``}.`;
  return ` Default: ${typeof given === 'object' ? 'none' : `\`${JSON.stringify(given).replaceAll('"', '')}\``}.`;
}

/** The same as the text of settings/pulumi-stack.schema.json. */
export async function stackFileSchemaText(): Promise<string> {
  return format(JSON.stringify(stackFileSchema()), { parser: 'json', printWidth: 120 });
}
