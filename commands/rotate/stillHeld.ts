import { listEveryValue } from '../../services/github/everyValue.ts';
import { listTeamVariables, listVariables } from '../../services/netlify/netlify.ts';
import { listFunctionSecrets } from '../../services/supabase/management.ts';
import type { Api } from '../../services/door/http.ts';
import { changedSinceRecord, clockLimit } from '../../guards/plannedWrite.ts';
import { readBuilds } from '../../services/netlify/deploys.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { changeOf } from '../../engine/changeOf.ts';
import type { Recorded } from '../../engine/recorded.ts';
import { isBefore } from '../../machine/times.ts';
import { digestOf } from '../../places/edgeFunction/digest.ts';
import { managedPlacements, resourceName } from '../../places/places.ts';
import type { Plan } from '../../rotation/plan.ts';
import type { Held, Written } from '../../rotation/ports.ts';
import type { Secret } from '../../secrets/secret.ts';

/** The services that are asked for places. */
export interface Sources extends Pick<StagingServices, 'settings' | 'netlify' | 'github'> {
  readonly management: () => Promise<Api>;
  /** What the last `pulumi up` wrote. */
  readonly recorded: () => Promise<Pick<Recorded, 'variables' | 'placed'>>;
}

/**
 * Every place that holds one of these values, or may, as far as the services show it. What they show is compared: Netlify's plain
 * variables and GitHub's Actions variables by their value, Edge Function secrets by their digest. A secret that they show to
 * nobody holds what the last update wrote there. Where it wrote nothing, or somebody wrote since, the time of that write
 * decides: a secret of one of the value's own names counts as held unless it may be the new one, any other one is `hidden`.
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
    holds: (text) => text !== undefined && texts.flatMap(formsOf).some((each) => text.includes(each)),
    isNamed: (name) => names.has(name.toUpperCase()),
    mayBeNew: (updatedAt) => mayBeNew(updatedAt, written),
    isTooOld: (updatedAt) => isTooOld(updatedAt, written),
    mayBe: (updatedAt) => mayBe(updatedAt, written),
  };
  const found = await Promise.all([
    onNetlify(sources, wanted),
    inEdgeFunctions(sources, texts),
    onGitHub(sources, wanted),
  ]);
  return together(found);
}

interface Wanted {
  readonly holds: (text: string | undefined) => boolean;
  /** Whether this is one of the value's own names. */
  readonly isNamed: (name: string) => boolean;
  /** Whether what was last written then may be the new one. */
  readonly mayBeNew: (updatedAt: string | undefined) => boolean;
  /** Whether what was last written then is older than the values. */
  readonly isTooOld: (updatedAt: string | undefined) => boolean;
  /** Whether what was last written then may be one of the values. */
  readonly mayBe: (updatedAt: string | undefined) => boolean;
}

/** What is not known to be too old or too new may be it. */
function mayBe(updatedAt: string | undefined, { since, before }: Written): boolean {
  const tooOld = isTooOld(updatedAt, { since });
  const tooNew = before !== undefined && updatedAt !== undefined && !isBefore(updatedAt, before);
  return !tooOld && !tooNew;
}

function isTooOld(updatedAt: string | undefined, { since }: Pick<Written, 'since'>): boolean {
  return since !== undefined && updatedAt !== undefined && isBefore(updatedAt, since);
}

/** A value as it stands in an address, or as Base64. */
function formsOf(text: string): string[] {
  const base64 = Buffer.from(text)
    .toString('base64')
    .replace(/[^A-Za-z0-9+/]?.=*$/, '');
  return [...new Set([text, encodeURIComponent(text), ...(base64.length < 12 ? [] : [base64])])];
}

function mayBeNew(updatedAt: string | undefined, { mayBeNew: from }: Written): boolean {
  return from !== undefined && updatedAt !== undefined && !isBefore(updatedAt, from);
}

async function onNetlify({ settings, netlify, recorded }: Sources, wanted: Wanted): Promise<Held> {
  const { api, site } = await netlify();
  const [own, ofTeam] = await Promise.all([listVariables(api, site), listTeamVariables(api, site.accountId)]);
  const declared = new Map(
    settings.netlify.variables.map(({ name, values }) => [name, new Set(values.map(({ context }) => context))]),
  );
  const found: Held[] =
    ofTeam === undefined ? [hidden('Netlify variables of the team: the token may not list them')] : [];
  let ahead: number | undefined;
  const lists = [
    own.map((each) => ({ ...each, where: '' })),
    (ofTeam ?? []).map((each) => ({ ...each, where: ' (of the team)' })),
  ];
  for (const { key, values, secret, updatedAt, where } of lists.flat()) {
    const known = where === '' ? declared.get(key) : undefined;
    for (const { context, value } of values) {
      const title = `Netlify variable ${key}, ${context}${where}`;
      if (wanted.holds(value)) found.push(held(title));
      if (!secret || value !== undefined) continue;
      const unread = { title: `${title}: a secret`, name: key, updatedAt };
      if (known?.has(context) === true) {
        const { writtenAt, values: written } = (await recorded()).variables.get(key) ?? {};
        ahead ??= await clockAhead(api, site.siteId);
        const isOurs = Math.abs(ahead) <= clockLimit && !changedSinceRecord({ updatedAt }, writtenAt, ahead);
        found.push(ofDeclared(unread, isOurs ? written?.get(context) : undefined, wanted));
      } else if (known === undefined) found.push(ofUnread(unread, wanted));
      // Netlify says when a key was written, not a context of it: this configuration's own write may be that.
      else found.push(hidden(`${title}: a secret that this configuration does not write`));
    }
  }
  return together(found);
}

/** How far Netlify's clock is ahead of this machine's, in seconds. */
async function clockAhead(api: Api, siteId: string): Promise<number> {
  return (await readBuilds(api, siteId)).clockAhead;
}

async function inEdgeFunctions({ settings, management }: Sources, texts: readonly string[]): Promise<Held> {
  // A value that was piped in has the end of its line.
  const digests = new Set(texts.flatMap((each) => [digestOf(each), digestOf(`${each}\n`)]));
  const secrets = await listFunctionSecrets(await management(), settings.supabase.project);
  // What Supabase itself provides is no place that anybody writes.
  const holding = secrets.filter(({ name, digest }) => digests.has(digest) && !name.startsWith('SUPABASE_'));
  return together(holding.map(({ name }) => held(`Edge Function secret ${name}`)));
}

async function onGitHub({ settings, github, recorded }: Sources, wanted: Wanted): Promise<Held> {
  const { api, name: repository } = github();
  const { secrets, variables, unread } = await listEveryValue(api, repository);
  const keyOf = (name: string, environment: string | undefined) =>
    `${environment?.toLowerCase() ?? ''}/${name.toUpperCase()}`;
  const declared = new Map(
    managedPlacements(settings.placements)
      .filter(({ place }) => place === 'actionsSecret')
      .map((placement) => [keyOf(placement.name, placement.environment), resourceName(placement)]),
  );
  const found: Held[] = [
    ...variables.filter(({ value }) => wanted.holds(value)).map(({ title }) => held(title)),
    ...unread.map((each) => hidden(`${each}: the token may not list them`)),
  ];
  for (const each of secrets) {
    const secret = { ...each, title: `${each.title},` };
    const resource = secret.isActions ? declared.get(keyOf(secret.name, secret.environment)) : undefined;
    if (resource === undefined) {
      found.push(ofUnread(secret, wanted));
      continue;
    }
    const written = (await recorded()).placed.get(resource);
    const isOurs = written !== undefined && changeOf(written, secret) === undefined;
    found.push(ofDeclared(secret, isOurs ? written.value : undefined, wanted));
  }
  return together(found);
}

/** A secret that its service shows to nobody. */
interface Unread {
  /** For people: how a line about it begins. */
  readonly title: string;
  readonly name: string;
  /** When it was last written (ISO 8601). */
  readonly updatedAt?: string | undefined;
}

/** A declared secret. `value`: what the last update wrote there; `undefined` where that is not known, or somebody wrote since. */
function ofDeclared(unread: Unread, value: Secret | undefined, wanted: Wanted): Held {
  if (value !== undefined)
    return wanted.holds(value.reveal()) ? held(`${unread.title} which the last update wrote there`) : nothing;
  return ofUnread(unread, wanted, 'which the last update did not write');
}

/** A secret that this configuration does not write. */
function ofUnread(
  { title, name, updatedAt }: Unread,
  { mayBe: may, isNamed, mayBeNew: isNew, isTooOld: isOld }: Wanted,
  what = 'which this configuration does not write',
): Held {
  const line = `${title} ${what} (last written: ${updatedAt ?? 'not known'})`;
  // Under its own name somebody may have put the old one there by hand, also after the vault had the new one.
  if (isNamed(name)) return isOld(updatedAt) ? nothing : isNew(updatedAt) ? hidden(line) : held(line);
  return may(updatedAt) ? hidden(line) : nothing;
}

const nothing: Held = { held: [], hidden: [] };
const held = (line: string): Held => ({ held: [line], hidden: [] });
const hidden = (line: string): Held => ({ held: [], hidden: [line] });

function together(found: readonly Held[]): Held {
  return { held: found.flatMap((each) => each.held), hidden: found.flatMap((each) => each.hidden) };
}
