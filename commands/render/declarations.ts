import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { StagingEnvironment } from '../../components/stagingEnvironment.ts';
import { secretOutputOf, type DeclaredValues } from '../../secrets/declaredValues.ts';
import { withoutSecretMarks } from '../../secrets/wire.ts';
import type { Settings, Source } from '../../settings/settings.ts';

/** One resource that the program declares, or (type `settings`) the rules by which it does. */
export interface Declaration {
  readonly type: string;
  readonly name: string;
  /** The inputs; a value is the text of its source, e.g. `[op://Platform/Supabase/url]`. */
  readonly inputs: unknown;
}

/** Everything the program declares for these settings, sorted by type and name; no engine, no provider, no vault. */
export async function declarations(settings: Settings, { stack }: { readonly stack: string }): Promise<Declaration[]> {
  const found: Declaration[] = [rules(settings, stack)];
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
  const { netlify, placed, check } = new StagingEnvironment('staging', { settings, values: sources(settings) });
  const written = [...placed.values()].map(({ resource }) => resource.id);
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

/**
 * A literal: shown when it is a switch or a number, which a reviewer wants to see; else masked, with a digest by which a
 * changed one differs: a secret that was written here by mistake must not reach a job's log too.
 */
function shown(literal: string): string {
  if (/^(true|false|\d{1,6}|staging)$/.test(literal)) return literal;
  return `**** (sha256 ${createHash('sha256').update(literal).digest('hex').slice(0, 8)})`;
}

/** What the settings allow or forbid without any resource showing it. */
function rules({ netlify, github, supabase, allowDestroy }: Settings, stack: string): Declaration {
  const { mode, productionSite, productionBranch, onRemoval, productionChanges, contextRemovals } = netlify;
  const inputs = {
    allowDestroy,
    netlify: {
      mode,
      ...(productionSite !== undefined && { productionSite }),
      productionBranch,
      onRemoval,
      productionChanges,
      contextRemovals,
    },
    github: { onRemoval: github.onRemoval, protection: { removals: github.protection.removals } },
    supabase,
  };
  return { type: 'settings', name: stack, inputs };
}
