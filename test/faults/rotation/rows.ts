import type { StepId } from '../../../rotation/plan.ts';
import type { Extent } from '../faults.ts';

/** The beginning of a step, or the moment right after the old keys were disabled. */
type Moment = StepId | 'disabled';

/** A rotation that goes on at a step, with a service that this step cannot do without. */
export interface Row {
  readonly entry: string;
  readonly args: readonly string[];
  readonly service: string;
  readonly extent: Extent;
  readonly step: Moment;
  /** The exit code then. Default 1. */
  readonly code?: number;
  /** What is said in place of the cause. */
  readonly says?: RegExp;
  /** Faults after which it ends in another way: it goes on to its end (0), or waits for a person (2). */
  readonly except?: Readonly<Record<string, { readonly code: 0 | 1 | 2; readonly says?: RegExp }>>;
}

const value = 'SUPABASE_SERVICE_ROLE_KEY';
const at = (step: Moment, service: string, extent: Extent, more: Partial<Row> = {}): Row => ({
  ...{ entry: 'rotate', args: [value, '--resume'], service, extent, step },
  ...more,
});

/** A key that is refused is none that was ended: that is said, and nothing is ended for it. */
const refused = { '401': { code: 1, says: /A request with the new key is refused/ } } as const;
/** A list that the token may not have is one for a person to check. */
const unread = { code: 2, says: /nobody can read[^]*GitHub Actions secrets: the token may not list them/ } as const;
const atEnd = (more: Partial<Row> = {}): readonly Row[] => [
  at('overlap', 'netlify', 'all', more),
  at('overlap', 'github', 'all', { except: { '403': unread, '404': unread }, ...more }),
  at('overlap', 'supabaseManagement', 'all', more),
  at('overlap', 'supabase', 'all', { except: refused, ...more }),
  at('overlap', 'supabaseManagement', 'writes', more),
];

/** A rotation is taken back: from a step at which staging alone, or everybody, may have the new one. */
const back = (step: Moment, service: string, extent: Extent, more: Partial<Row> = {}): Row =>
  at(step, service, extent, { args: [value, '--back'], ...more });
/** A service that refuses both keys says nothing of the old one. */
const oldRefused = {
  '401': { code: 1, says: /A request with the old key is refused, and one with the new one too/ },
} as const;

export const rows: readonly Row[] = [
  at('make', 'supabaseManagement', 'writes'),
  at('make', 'supabaseManagement', 'all'),
  at('staging-vault', 'supabase', 'all', { except: refused }),
  at('staging-vault', 'onepassword', 'writes'),
  at('staging-places', 'supabase', 'all', { except: refused }),
  at('staging-deploy', 'netlify', 'all'),
  at('staging-deploy', 'github', 'all'),
  at('staging-deploy', 'github', 'writes'),
  at('production-vault', 'onepassword', 'writes'),
  at('production-places', 'supabase', 'all', { except: refused }),
  at('production-deploy', 'netlify', 'all'),
  at('production-deploy', 'netlify', 'writes'),
  at('production-deploy', 'github', 'all', { code: 2, says: /GitHub does not say which commit/ }),
  ...atEnd(),
  back('staging-deploy', 'onepassword', 'all'),
  back('staging-deploy', 'supabase', 'all', { except: oldRefused }),
  back('overlap', 'onepassword', 'writes'),
  back('overlap', 'netlify', 'all'),
  back('overlap', 'netlify', 'writes'),
  back('overlap', 'github', 'all'),
  back('overlap', 'github', 'writes'),
  back('overlap', 'supabaseManagement', 'all'),
  back('overlap', 'supabaseManagement', 'writes'),
  back('disabled', 'supabaseManagement', 'writes'),
  ...atEnd({ args: ['--leaked', 'leaked.txt', '--resume'] }),
];
