import { z } from 'zod';
import { inputForms } from '../stack/inputForm.ts';
import { namespace } from '../names/names.ts';
import { configuration } from '../schema.ts';

/** A JSON Schema, as far as this project reads its own. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** The settings below `allincompassing:` as a person may write them, short forms included. */
export function settingsSchema(): JsonSchema {
  return z.toJSONSchema(configuration, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-7',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      // Left out by zod where the input is not what it is parsed to.
      if (def.type === 'default' && def.innerType._zod.def.type === 'pipe') jsonSchema.default = def.defaultValue;
      const written = inputForms.get(zodSchema);
      if (written === undefined) return;
      const { description, ...parsed } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, description === undefined ? {} : { description }, written.form(parsed));
    },
  }) as JsonSchema;
}

/** What a stack's file may hold besides this project's own settings, which Pulumi itself and the providers read. */
const others: Readonly<Record<string, JsonSchema>> = {
  'github:owner': { type: 'string', minLength: 1, description: 'The organization or user that owns the repository.' },
  [`${namespace}:fingerprintKey`]: {
    type: 'object',
    required: ['secure'],
    properties: { secure: { type: 'string' } },
    additionalProperties: false,
    description:
      'The key of the fingerprints in the outputs, encrypted: `openssl rand -base64 32 | pulumi config set --secret allincompassing:fingerprintKey`. Default: no fingerprints.',
  },
};

/** The whole stack file, for editors: this project's settings strictly, everything else as Pulumi takes it. */
export function stackFileSchema(): JsonSchema {
  const { properties = {}, required = [], $schema } = settingsSchema();
  const own = Object.entries(properties).map(([key, schema]) => [`${namespace}:${key}`, schema] as const);
  return {
    $schema,
    title: 'The configuration of a stack of this project',
    type: 'object',
    required: ['config'],
    properties: {
      config: {
        type: 'object',
        description: 'docs/settings.md describes the settings.',
        properties: { ...others, ...Object.fromEntries(own) },
        required: ['github:owner', ...required.map((key) => `${namespace}:${key}`)],
        propertyNames: {
          anyOf: [
            { enum: [...Object.keys(others), ...own.map(([key]) => key)] },
            { not: { pattern: `^(${namespace}|netlify|supabase):` } },
          ],
        },
      },
    },
  };
}
