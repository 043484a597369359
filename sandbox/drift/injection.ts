import type { NetlifyService } from '../standIns/netlify/netlifyService.ts';
import type { VaultEditor } from '../standIns/onepassword/editor.ts';
import type { SupabaseService } from '../standIns/supabase/service.ts';
import type { SupabaseManagement } from '../standIns/supabaseManagement/service.ts';

/** What an injection may change: the services' own state, as somebody in a browser would, beside every API. */
export interface World {
  readonly netlify: NetlifyService;
  readonly vault: VaultEditor;
  readonly supabase: SupabaseService;
  readonly supabaseManagement: SupabaseManagement;
  /** GitHub's state folder. */
  readonly stateDir: string;
  /** Deploys the application to staging, which GitHub does not record; yields the deploy's id. */
  readonly deploy: () => Promise<string>;
}

/** How the program's rule protects the branch: in a repository of a user only a ruleset can. */
export type ProtectionForm = 'classic' | 'ruleset';

/** One kind of drift, made behind the program's back. */
export interface Injection {
  /** What somebody did, in a few words. */
  readonly title: string;
  /**
   * What it touches, as paths: two injections can stand together when none of their paths is, or is below, one of the
   * other's.
   */
  readonly touches: readonly string[];
  /** What protects develop, where it needs that. */
  readonly form?: ProtectionForm;
  inject(world: World): void | Promise<void>;
}

/** Those that can be made where develop is protected in this form. */
export function injectionsFor(
  form: ProtectionForm,
  all: Readonly<Record<string, Injection>>,
): Readonly<Record<string, Injection>> {
  return Object.fromEntries(Object.entries(all).filter(([, each]) => (each.form ?? form) === form));
}

/** Whether two injections can be there at once without one hiding the other. */
export function standTogether(a: Injection, b: Injection): boolean {
  const below = (one: string, other: string) => one === other || one.startsWith(`${other}/`);
  return !a.touches.some((one) => b.touches.some((other) => below(one, other) || below(other, one)));
}

/** The largest set of these that can stand together: exact, by trying; there are few that exclude each other. */
export function largestSet(all: Readonly<Record<string, Injection>>): string[] {
  const names = Object.keys(all);
  const excludes = (a: string, b: string) => {
    const [one, other] = [all[a], all[b]];
    return a !== b && one !== undefined && other !== undefined && !standTogether(one, other);
  };
  const best = (open: readonly string[]): string[] => {
    // Those that exclude no other are in; of one that does, either it is in and its rivals are not, or it is out.
    const rivalsOf = (name: string) => open.filter((other) => excludes(name, other));
    const contested = open.filter((name) => rivalsOf(name).length > 0);
    const [pick] = contested.sort((a, b) => rivalsOf(b).length - rivalsOf(a).length);
    if (pick === undefined) return [...open];
    const without = best(open.filter((name) => name !== pick));
    if (rivalsOf(pick).length > open.length / 2) return without;
    const rivals = new Set(rivalsOf(pick));
    const withIt = [pick, ...best(open.filter((name) => name !== pick && !rivals.has(name)))];
    return withIt.length > without.length ? withIt : without;
  };
  const chosen = new Set(best(names));
  return names.filter((name) => chosen.has(name));
}
