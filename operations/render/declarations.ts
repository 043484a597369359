import * as pulumi from '@pulumi/pulumi';
import { StagingEnvironment } from '../../components/stagingEnvironment.ts';
import { secretOutputOf, type DeclaredValues } from '../../secrets/declaredValues.ts';
import { withoutSecretMarks } from '../../secrets/wire.ts';
import type { Settings, Source } from '../../settings/settings.ts';

/** One resource that the program declares. */
export interface Declaration {
  readonly type: string;
  readonly name: string;
  /** The inputs; a value is the text of its source, e.g. `[op://Platform/Supabase/url]`. */
  readonly inputs: unknown;
}

/** Everything the program declares for these settings, sorted by type and name; no engine, no provider, no vault. */
export async function declarations(settings: Settings, { stack }: { readonly stack: string }): Promise<Declaration[]> {
  const found: Declaration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: async ({ type, name, inputs, custom }) => {
        if (custom === true) found.push({ type, name, inputs: await withoutSecretMarks(inputs) });
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: ({ token, inputs }) => ({
        id: `[the id found by ${token.split(':').at(-1) ?? token} ${JSON.stringify(inputs)}]`,
      }),
    },
    'allincompassing',
    stack,
    false,
  );
  const { netlify, secrets, check } = new StagingEnvironment('staging', { settings, values: sources(settings) });
  const written = Object.values(secrets.secrets).map(({ id }) => id);
  await settled(pulumi.output([netlify.lastUpdated, check.ruleId, ...written]));
  return found.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

/** Waits until an output is known: every resource that it comes from has been registered by then. */
function settled(output: pulumi.Output<unknown>): Promise<unknown> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Each value as the name of where it comes from. */
function sources(settings: Settings): DeclaredValues {
  const text = (source: Source): string => {
    switch (source.kind) {
      case 'reference':
        return `[${source.reference}]`;
      case 'literal':
        return shown(source.value);
      case 'organizationId':
        return `[organizationId: ${text(settings.organizationId)}]`;
      case 'siteId':
        return '[siteId]';
    }
  };
  return { vaultWasRead: false, of: (source) => ({ value: secretOutputOf(text(source)), unread: false }) };
}

/** A literal: shown when it is a switch or a number, which a reviewer wants to see; masked otherwise. */
function shown(literal: string): string {
  return /^(true|false|\d{1,6}|staging)$/.test(literal) ? literal : '****';
}
