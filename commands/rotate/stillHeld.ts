import { listEveryValue } from '../../services/github/everyValue.ts';
import { listTeamVariables, listVariables } from '../../services/netlify/netlify.ts';
import { listFunctionSecrets } from '../../services/supabase/management.ts';
import type { Api } from '../../services/door/http.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { isBefore } from '../../machine/times.ts';
import { digestOf } from '../../places/edgeFunction/digest.ts';
import type { Plan } from '../../rotation/plan.ts';
import type { Held, Written } from '../../rotation/ports.ts';
import type { Secret } from '../../secrets/secret.ts';

/** The services that are asked for places. */
export interface Sources extends Pick<StagingServices, 'settings' | 'netlify' | 'github'> {
  readonly management: () => Promise<Api>;
}

/**
 * Every place that holds one of these values, or may, as far as the services tell. What they show is compared: Netlify's plain
 * variables and GitHub's Actions variables by their value, Edge Function secrets by their digest. What they show to nobody is
 * judged by when it was written: a secret of one of the value's own names counts as held unless it may be the new one, any other
 * one is `hidden`.
 */
export async function stillHeld(
  sources: Sources,
  plan: Plan,
  values: readonly Secret[],
  written: Written,
): Promise<Held> {
  const texts = values.map((each) => each.reveal());
  const names = new Set(
    [...plan.subject.names, ...plan.holders.map(({ name }) => name)].map((each) => each.toUpperCase()),
  );
  const wanted: Wanted = {
    // A value may stand inside of another one: an address, or JSON.
    holds: (text) => text !== undefined && texts.some((each) => text.includes(each)),
    isNamed: (name, updatedAt) => names.has(name.toUpperCase()) && !mayBeNew(updatedAt, written),
    mayBe: (updatedAt) => mayBe(updatedAt, written),
  };
  const found = await Promise.all([
    onNetlify(sources, wanted),
    inEdgeFunctions(sources, texts),
    onGitHub(sources, wanted),
  ]);
  return { held: found.flatMap(({ held }) => held), hidden: found.flatMap(({ hidden }) => hidden) };
}

interface Wanted {
  readonly holds: (text: string | undefined) => boolean;
  /** Whether this is one of the value's own names, and was written too early to be the new one. */
  readonly isNamed: (name: string, updatedAt: string | undefined) => boolean;
  /** Whether what was last written then may be one of the values. */
  readonly mayBe: (updatedAt: string | undefined) => boolean;
}

/** What is not known to be too old or too new may be it. */
function mayBe(updatedAt: string | undefined, { since, before }: Written): boolean {
  const tooOld = since !== undefined && updatedAt !== undefined && isBefore(updatedAt, since);
  const tooNew = before !== undefined && updatedAt !== undefined && !isBefore(updatedAt, before);
  return !tooOld && !tooNew;
}

function mayBeNew(updatedAt: string | undefined, { mayBeNew: from }: Written): boolean {
  return from !== undefined && updatedAt !== undefined && !isBefore(updatedAt, from);
}

async function onNetlify({ settings, netlify }: Sources, { holds, isNamed, mayBe: may }: Wanted): Promise<Held> {
  const { api, site } = await netlify();
  const [own, ofTeam] = await Promise.all([listVariables(api, site), listTeamVariables(api, site.accountId)]);
  const declared = new Map(
    settings.netlify.variables.map(({ name, values }) => [name, new Set(values.map(({ context }) => context))]),
  );
  const held: string[] = [];
  const hidden: string[] = ofTeam === undefined ? ['Netlify variables of the team: the token may not list them'] : [];
  const lists = [
    own.map((each) => ({ ...each, where: '' })),
    (ofTeam ?? []).map((each) => ({ ...each, where: ' (of the team)' })),
  ];
  for (const { key, values, secret, updatedAt, where } of lists.flat()) {
    const known = where === '' ? declared.get(key) : undefined;
    for (const { context, value } of values) {
      const title = `Netlify variable ${key}, ${context}${where}`;
      if (holds(value)) held.push(title);
      if (!secret || value !== undefined || known?.has(context) === true) continue;
      // Netlify says when a key was written, not a context of it: this configuration's own write may be that.
      if (known !== undefined) hidden.push(`${title}: a secret that this configuration does not write`);
      else if (!may(updatedAt)) continue;
      else if (isNamed(key, updatedAt)) held.push(`${title}: a secret ${notWritten(updatedAt)}`);
      else hidden.push(`${title}: a secret ${notWritten(updatedAt)}`);
    }
  }
  return { held, hidden };
}

async function inEdgeFunctions({ settings, management }: Sources, texts: readonly string[]): Promise<Held> {
  // A value that was piped in has the end of its line.
  const digests = new Set(texts.flatMap((each) => [digestOf(each), digestOf(`${each}\n`)]));
  const secrets = await listFunctionSecrets(await management(), settings.supabase.project);
  // What Supabase itself provides is no place that anybody writes.
  const held = secrets
    .filter(({ name, digest }) => digests.has(digest) && !name.startsWith('SUPABASE_'))
    .map(({ name }) => `Edge Function secret ${name}`);
  return { held, hidden: [] };
}

async function onGitHub({ settings, github }: Sources, { holds, isNamed, mayBe: may }: Wanted): Promise<Held> {
  const { api, name: repository } = github();
  const { secrets, variables, unread } = await listEveryValue(api, repository);
  const keyOf = (name: string, environment: string | undefined) =>
    `${environment?.toLowerCase() ?? ''}/${name.toUpperCase()}`;
  const declared = new Set(
    settings.placements
      .filter(({ place }) => place === 'actionsSecret')
      .map(({ name, environment }) => keyOf(name, environment)),
  );
  const unknown = secrets.filter(
    ({ name, environment, isActions, updatedAt }) =>
      !(isActions && declared.has(keyOf(name, environment))) && may(updatedAt),
  );
  const lines = (named: boolean) =>
    unknown
      .filter(({ name, updatedAt }) => isNamed(name, updatedAt) === named)
      .map(({ title, updatedAt }) => `${title}, ${notWritten(updatedAt)}`);
  return {
    held: [...variables.filter(({ value }) => holds(value)).map(({ title }) => title), ...lines(true)],
    hidden: [...lines(false), ...unread.map((each) => `${each}: the token may not list them`)],
  };
}

function notWritten(updatedAt: string | undefined): string {
  return `which this configuration does not write (last written: ${updatedAt ?? 'not known'})`;
}
