import type { Settings } from '../settings/settings.ts';
import type { Holder } from './holders.ts';
import type { Kind } from './kinds.ts';
import { phasesOf, type Phases, type Scope } from './scope.ts';
import type { Subject } from './subject.ts';
import { triesTokensOf } from '../services/takesToken.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** The steps of a rotation, in their order. */
export type StepId =
  | 'make'
  | 'staging-vault'
  | 'staging-places'
  | 'staging-deploy'
  | 'production-vault'
  | 'production-places'
  | 'production-deploy'
  | 'overlap'
  | 'revoke';

/** One step: what it does, and what proves that it is done. */
interface PlannedStep {
  readonly id: StepId;
  readonly does: string;
  readonly proof: string;
  /** How `--back` takes it back; `undefined`: nothing does. */
  readonly back: string | undefined;
  /** Whether it reaches production, so that the typed reference comes first. */
  readonly isProductions: boolean;
}

/** A place that no step of this command writes: a person sees to it. */
interface PersonsHolder {
  readonly who: string;
  readonly what: string;
}

/** What a rotation will do. Never a value. */
export interface Plan {
  readonly subject: Subject;
  readonly scope: Scope;
  readonly phases: Phases;
  readonly holders: readonly Holder[];
  readonly persons: readonly PersonsHolder[];
  readonly steps: readonly PlannedStep[];
  readonly cannotBeUndone: readonly string[];
  /** How long old and new must both work. */
  readonly bothValid: string;
}

/** The plan of a rotation. `overlapSeconds`: how long the old one stays valid after the last place has the new one. */
export function planOf(settings: Settings, subject: Subject, scope: Scope, overlapSeconds: number): Plan {
  const phases = phasesOf(scope);
  const holders = scope.members.flatMap((member) => member.holders);
  const deploys = (isProductions: boolean) =>
    holders.some((each) => each.place === 'netlify' && each.isProductions === isProductions);
  const fields = (isProductions: boolean) =>
    scope.members.filter((each) => each.isProductions === isProductions).map(({ reference }) => reference);
  const isShared = settings.netlify.mode === 'shared-site';
  const branch = settings.github.protection.branch;
  const steps: (PlannedStep | false)[] = [
    makeStep(subject.kind, scope),
    fields(false).length > 0 && {
      id: 'staging-vault',
      does: `writes it into ${fields(false).join(' and ')}; the old one stays there as previous_…`,
      proof: 'both fields are read back',
      back: 'the old one is put back',
      isProductions: false,
    },
    phases.staging.length > 0 && {
      id: 'staging-places',
      does: `${forStack('pulumi up')} of ${phases.staging.join(', ')} alone`,
      proof: 'the update succeeds, and a request with the new one is answered',
      back: 'the same update with the old one',
      isProductions: false,
    },
    deploys(false) && {
      id: 'staging-deploy',
      does: `deploys ${branch} to staging`,
      proof: 'the deploy is ready, and its smoke test passes',
      back: 'one more deploy',
      isProductions: false,
    },
    fields(true).length > 0 && {
      id: 'production-vault',
      does: `writes it into ${fields(true).join(' and ')}, the old one stays there too`,
      proof: 'both fields are read back',
      back: 'the old one is put back',
      isProductions: true,
    },
    phases.production.length > 0 && {
      id: 'production-places',
      does: `${forStack('pulumi up')} of ${phases.production.join(', ')} alone, which production reads`,
      proof: 'the update succeeds, and a request with the new one is answered',
      back: 'the same update with the old one',
      isProductions: true,
    },
    deploys(true) &&
      isShared && {
        id: 'production-deploy',
        does: `lets Netlify build ${settings.netlify.productionBranch} anew and publish it; where it does not build, or the branch holds other code than production serves, a person deploys production`,
        proof: 'production serves a deploy that was made after the write',
        back: 'one more deploy',
        isProductions: true,
      },
    {
      id: 'overlap',
      does: `waits ${overlapSeconds} s (--overlap): functions and jobs that began before still use the old one`,
      proof:
        subject.kind.how === 'supabase-key' && overlapSeconds > 0
          ? 'no place is known that still holds the old one, and Supabase’s logs, where the token may read them, have no request with it in the second half'
          : 'no place is known that still holds the old one',
      back: 'nothing to take back',
      isProductions: false,
    },
    revokeStep(subject.kind, scope),
  ];
  return {
    subject,
    scope,
    phases,
    holders,
    persons: personsOf(subject, scope, holders),
    steps: steps.filter((step) => step !== false),
    cannotBeUndone: cannotBeUndone(subject.kind, scope),
    bothValid:
      `From the first step to the last. Old and new both work until staging and production have been deployed, jobs that ran ` +
      `have ended, and ${overlapSeconds} s more have gone by.`,
  };
}

function makeStep(kind: Kind, { legacy, members }: Scope): PlannedStep {
  const common = { id: 'make', isProductions: false } as const;
  if (kind.how === 'supabase-key') {
    const roles = [...new Set(members.map(({ key }) => key))].join(' key and a ');
    return {
      ...common,
      does: `makes a ${roles} key beside the old one by Supabase’s Management API${legacy === true ? ' (the old one is a legacy key: both legacy keys are replaced)' : ''}`,
      proof: 'a request with the new one is answered',
      back: 'the new one is deleted',
    };
  }
  if (kind.how === 'random')
    return { ...common, does: 'makes a random value', proof: 'none is needed', back: 'it is forgotten' };
  return {
    ...common,
    does: `asks for the new one, without echo. Make it at ${kind.page}: ${kind.rights}`,
    proof: triesTokensOf(kind.vendor)
      ? `${kind.vendor} answers a request with it, before it is written anywhere`
      : 'none that it works: nobody tries it before its places have it. It is another one, and begins as the old one does, or you say that it is right',
    back: `revoke the new one: ${kind.revoke}`,
  };
}

function revokeStep(kind: Kind, { legacy }: Scope): PlannedStep {
  const common = { id: 'revoke', isProductions: true, back: undefined } as const;
  if (kind.how === 'random')
    return { ...common, does: 'nothing: the old one opens nothing any more', proof: 'no place has it' };
  if (kind.how === 'person')
    return {
      ...{ ...common, does: `asks you to revoke the old one: ${kind.revoke}` },
      proof: triesTokensOf(kind.vendor) ? `you say so, and ${kind.vendor} refuses it` : 'you say so',
    };
  const how =
    legacy === undefined
      ? 'deletes the old key; where it is a legacy key, disables both legacy keys'
      : legacy
        ? 'disables both legacy keys, which Supabase does in one'
        : 'deletes the old key';
  const back = legacy === true ? 'enables the legacy keys again, as long as this step has not ended' : undefined;
  return { ...common, does: how, proof: 'a request with the old one is refused', back };
}

function cannotBeUndone(kind: Kind, { legacy }: Scope): string[] {
  if (kind.how === 'random') return [];
  if (kind.how === 'person') return ['the revocation of the old one'];
  return legacy === true
    ? ['nothing for good: Supabase can enable legacy keys again, until it ends them for everybody']
    : ['the deletion of the old key'];
}

/** Who has it besides the declared places. */
function personsOf({ kind, names, value }: Subject, { legacy }: Scope, holders: readonly Holder[]): PersonsHolder[] {
  const local = holders.some(({ place }) => place === 'localFile');
  return [
    ...(local
      ? [{ who: 'each developer', what: `${forStack('npm run env:local')}, in the application’s checkout` }]
      : []),
    ...(kind.how === 'supabase-key'
      ? [
          {
            who: 'code of Edge Functions',
            what:
              legacy === false
                ? 'Supabase itself gives them SUPABASE_PUBLISHABLE_KEYS and SUPABASE_SECRET_KEYS, by each key’s name (default). What reads the old one there stops when it is deleted'
                : 'Supabase itself gives them SUPABASE_ANON_KEY and SUPABASE_SERVICE_ROLE_KEY, which are the legacy keys, and SUPABASE_PUBLISHABLE_KEYS and SUPABASE_SECRET_KEYS. What reads the first two stops when the legacy keys are disabled',
          },
        ]
      : []),
    {
      who: 'whoever exported it in a shell or keeps a copy',
      what: `take ${names.join(' or ')} from 1Password again (${value})`,
    },
  ];
}
