import { githubApi } from '../../../services/github/github.ts';
import { createClosedEnvironment, readEnvironment } from '../../../services/github/environments.ts';
import { deployEnvironment } from '../../../settings/names/names.ts';
import {
  findNamed,
  type ManagedPlace,
  type ManagedPlacement,
  managedPlacements,
  placeResources,
  placeRules,
  placeTitle,
  resourceName,
} from '../../../places/places.ts';
import type { Thing } from '../../../places/place.ts';
import type { LivePlaced, PlaceServices } from '../../../places/service.ts';
import { placeServices } from '../../../places/services.ts';
import type { Finding } from '../finding.ts';
import type { DriftKind } from '../kinds.ts';
import type { Look, LookOptions } from '../observed.ts';
import { subjectOf } from '../checks/placed.ts';
import { placeOfKind } from '../placedKinds.ts';
import type { Notes } from './notes.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** Whether {@link fixPlaced} fixes findings of this kind. */
export function isPlacedFix(kind: DriftKind): boolean {
  return placeOfKind(kind) !== undefined || kind in others;
}

/** The kinds beside those of the places themselves. */
const others = { 'github-environment-missing': true, 'github-organization-differs': true } as const;

/**
 * Fixes what stands in places other than Netlify: writes the value of the last update again, over what is there. Into an
 * environment only where its rules stand at that moment: without any, every branch could read what is written.
 */
export async function fixPlaced(
  options: LookOptions,
  seen: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const writer = new Writer(options, seen, notes);
  for (const found of findings) {
    try {
      await fix(writer, found);
    } catch (error) {
      notes.failed.push(`${found.where.subject}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function fix(writer: Writer, { kind, where: { subject } }: Finding): Promise<void> {
  if (kind === 'github-environment-missing') return writer.makeEnvironment(subject);
  if (kind === 'github-organization-differs') return writer.write('actionsSecret', subject);
  const found = placeOfKind(kind);
  switch (found?.what) {
    case 'missing':
    case 'changed':
    case 'alias-differs':
      return writer.write(found.place, subject);
    case 'undeclared':
      return writer.remove(found.place, thingOf(subject));
    case 'shadowed':
      return writer.remove(found.place, { name: subject, environment: deployEnvironment });
    case 'old':
    case undefined:
      throw new Error('no command can fix it; its own line says what to do');
  }
}

/** The thing that {@link subjectOf} names. No name of a variable has a slash in it; an environment's may. */
function thingOf(subject: string): Thing {
  const slash = subject.lastIndexOf('/');
  return slash < 0 ? { name: subject } : { name: subject.slice(slash + 1), environment: subject.slice(0, slash) };
}

/** Writes past the engine, and notes what it did. */
class Writer {
  readonly #options: LookOptions;
  readonly #seen: Look;
  readonly #notes: Notes;
  readonly #services: PlaceServices;

  constructor(options: LookOptions, seen: Look, notes: Notes) {
    this.#options = options;
    this.#seen = seen;
    this.#notes = notes;
    this.#services = { repository: options.repository, project: options.settings.supabase.project };
  }

  /** Writes the recorded value of the placement that this subject names. */
  async write(place: ManagedPlace, subject: string): Promise<void> {
    const placement = managedPlacements(this.#options.settings.placements).find(
      (each) => each.place === place && subjectOf(each) === subject,
    );
    if (!placement) throw new Error(`it is not declared any more. Check again: ${forStack('npm run drift')}`);
    await this.#requireAsSeen(place, placement);
    await this.#writeNow(placement);
  }

  async remove(place: ManagedPlace, thing: Thing): Promise<void> {
    await this.#requireAsSeen(place, thing);
    await placeServices[place].remove(this.#services, thing);
    const where = thing.environment === undefined ? '' : ` of the environment ${thing.environment}`;
    this.#notes.done.push(`${thing.name}: the ${placeRules[place].title}${where} is deleted`);
  }

  /** Makes an environment again, for the protected branch alone, and writes the declared values into it. */
  async makeEnvironment(name: string): Promise<void> {
    const { repository, settings } = this.#options;
    const { branch } = settings.github.protection;
    // Somebody may have made it since the look: a PUT would reset its reviewers, its wait and its branches.
    if (await readEnvironment(githubApi(), repository, name)) {
      throw new Error(`it is on GitHub again; its rules were not touched. Check again: ${forStack('npm run drift')}`);
    }
    await createClosedEnvironment(githubApi(), repository, name, branch);
    this.#notes.done.push(
      `${name}: made again on GitHub, for ${branch} alone. Reviewers and a wait that it had are yours to set`,
    );
    const inside = managedPlacements(settings.placements).filter(({ environment }) => environment === name);
    for (const placement of inside) {
      if (this.#seen.recorded.placed.has(resourceName(placement))) await this.#writeNow(placement);
    }
  }

  async #writeNow(placement: ManagedPlacement): Promise<void> {
    const { place } = placement;
    const value = this.#seen.recorded.placed.get(resourceName(placement))?.value?.reveal();
    if (value === undefined)
      throw new Error(`the stack has no value that could be read: the passphrase, or ${forStack('pulumi up')}.`);
    await this.#requireRules(placement);
    const time = await placeServices[place].write(this.#services, placement, value);
    if (time !== undefined) this.#notes.writes.placed.set(resourceName(placement), time);
    this.#notes.done.push(`${subjectOf(placement)}: written again, the ${placeTitle(placement)}`);
  }

  async #requireRules({ place, environment }: ManagedPlacement): Promise<void> {
    if (environment === undefined || !placeRules[place].secret) return;
    const live = await readEnvironment(githubApi(), this.#options.repository, environment);
    if (!live) throw new Error(`the environment ${environment} is gone. Check again: ${forStack('npm run drift')}`);
    if (live.hasRules) return;
    throw new Error(
      `the environment ${environment} has no rules that keep a branch out (a wait only delays it), so that every branch could read its secrets; nothing was sealed. ` +
        `Set its branches or reviewers on GitHub (Settings → Environments → ${environment}), then run it again.`,
    );
  }

  /** Somebody may have written it while the question stood: nobody could read a secret's value back. */
  async #requireAsSeen(place: ManagedPlace, { name, environment }: Thing): Promise<void> {
    const markIn = (list: readonly LivePlaced[] | undefined) => {
      const found = findNamed(place, list ?? [], name);
      return found && JSON.stringify([found.updatedAt, found.digest, found.value]);
    };
    const now = await placeServices[place].list(this.#services, environment);
    if (markIn(now) === markIn(this.#seen.places.list(place, environment))) return;
    throw new Error(
      `it was changed at ${placeResources[place].words.service} since the check. Check again: ${forStack('npm run drift')}`,
    );
  }
}
