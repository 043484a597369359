import type { Api } from '../services/door/http.ts';
import { listVariables } from '../services/netlify/netlify.ts';
import type { SiteIds } from '../services/netlify/variable.ts';
import type { Context } from '../settings/context.ts';
import { emergencyVariable } from '../settings/names/names.ts';

/** The playbook's variable on Netlify. By itself it stops no agent: nothing is known to read it there. */
export interface NetlifySwitch {
  /** By context: the value, where it is set and can be read. */
  readonly values: Readonly<Partial<Record<Context, string>>>;
  /** The contexts in which it is set to a value that cannot be read: it is flagged secret. */
  readonly unreadable: readonly Context[];
  /** What a branch without a value of its own reads: that of `branch-deploy`, else of `all`. */
  readonly inherited: string | undefined;
  /** ISO 8601. */
  readonly changedAt: string | undefined;
  readonly changedBy: string | undefined;
}

/** Reads the variable as it is on Netlify. */
export async function readNetlify(api: Api, site: SiteIds, contexts: readonly Context[]): Promise<NetlifySwitch> {
  const variable = (await listVariables(api, site)).find(({ key }) => key === emergencyVariable);
  const of = (context: Context) => variable?.values.find((one) => one.context === context);
  const valueIn = (context: Context) => of(context)?.value;
  const values = Object.fromEntries(
    contexts.flatMap((context) => {
      const value = valueIn(context);
      return value === undefined ? [] : [[context, value]];
    }),
  );
  return {
    values,
    unreadable: contexts.filter((context) => of(context) !== undefined && valueIn(context) === undefined),
    inherited: valueIn('branch-deploy') ?? valueIn('all'),
    changedAt: variable?.updatedAt,
    changedBy: variable?.updatedBy,
  };
}
