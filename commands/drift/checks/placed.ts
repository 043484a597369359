import { counted } from '../../../machine/counted.ts';
import { ageInDays, isLater } from '../../../machine/times.ts';
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
import { isSensitiveName } from '../../../detection/names.ts';
import { commandThatDeclares } from '../../../settings/declared.ts';
import type { Settings } from '../../../settings/settings.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import { declaredLists, environmentsIn, type LivePlaces, type PlaceList } from '../../../places/live.ts';
import { kindOf } from '../placedKinds.ts';
import { changeOf } from '../../../engine/changeOf.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { deployEnvironment } from '../../../settings/names/names.ts';

/** How old a secret may be, and what time it is. */
interface Age {
  readonly maxAgeDays: number;
  readonly now: number;
}

/** Every difference between the values declared for places other than Netlify, what the last update wrote, and what is there. */
export function placedValues(settings: Settings, recorded: Recorded, live: LivePlaces, age: Age): Finding[] {
  const gone = environmentsIn(settings).filter(
    (name) => recorded.environments.has(name) && !live.environments.has(name),
  );
  const placements = managedPlacements(settings.placements);
  const own = placements
    .filter(({ environment }) => environment === undefined || !gone.includes(environment))
    .flatMap((placement) => declaredValue(placement, recorded, live, age));
  const extra = declaredLists(settings).flatMap((list) => undeclared(list, settings, recorded, live));
  return [
    ...gone.map((name) => environmentGone(name, settings)),
    ...own,
    ...extra,
    ...placements.flatMap((placement) => shadows(placement, placements, live)),
  ];
}

function environmentGone(name: string, { github }: Settings): Finding {
  return finding({
    kind: 'github-environment-missing',
    subject: name,
    what: `GitHub's environment ${name} is gone, and its secrets and variables with it.`,
    note: `It makes one to which ${github.protection.branch} alone may deploy, and writes the declared values into it. Who had to review, and how long it waited, went with the old one: set that on GitHub.`,
  });
}

/** What names a placement's thing in findings: `staging/NAME` in an environment. */
export function subjectOf({ name, environment }: Pick<ManagedPlacement, 'name' | 'environment'>): string {
  return environment === undefined ? name : `${environment}/${name}`;
}

function declaredValue(placement: ManagedPlacement, recorded: Recorded, live: LivePlaces, age: Age): Finding[] {
  const { place, environment, name } = placement;
  const list = live.list(place, environment);
  const written = recorded.placed.get(resourceName(placement));
  if (!list || !written) return [];
  const title = `${placeTitle(placement)} ${name}`;
  const about = { subject: subjectOf(placement), resources: [resourceName(placement)] };
  const isOrganization = placement.source.kind === 'organizationId';
  const severity = isOrganization ? { severity: 'critical' as const } : {};
  const there = findNamed(place, list, name);
  if (!there)
    return [
      finding({ ...about, ...severity, kind: kindOf(place, 'missing'), what: `The ${title} is not there any more.` }),
    ];
  const change = changeOf(written, there);
  if (change !== undefined) {
    const isAlias = name !== placement.value;
    return [
      finding({
        ...about,
        ...severity,
        kind: kindOf(place, isAlias ? 'alias-differs' : 'changed'),
        what: changeText(change, title, isAlias ? placement.value : undefined, isOrganization),
        since: there.updatedAt,
      }),
    ];
  }
  const isSecret = placeRules[place].secret || isSensitiveName(name);
  const days = ageInDays(there.updatedAt, age.now);
  if (!isSecret || days <= age.maxAgeDays) return [];
  return [
    finding({
      ...about,
      kind: kindOf(place, 'old'),
      what: `The ${title} is ${counted(days, 'day')} old; the limit is ${age.maxAgeDays}.`,
      since: there.updatedAt,
      command: forStack('pulumi up'),
      note: 'Rotate it at its vendor and in the vault first.',
    }),
  ];
}

function changeText(
  change: 'value' | 'time' | 'no-record',
  title: string,
  aliasOf: string | undefined,
  isOrganization: boolean,
): string {
  if (change === 'no-record')
    return `The stack has no time of its last write of the ${title}: whether it is still the last update’s, nobody can know.`;
  if (isOrganization) return `The ${title} is another organisation than the one that every place shall have.`;
  const alias = aliasOf === undefined ? '' : `, the other name of ${aliasOf},`;
  return `The ${title}${alias} was changed since the last update; \`${forStack('pulumi up')}\` would not notice.`;
}

/** What somebody added to a list of declared names after the last update. */
function undeclared(
  { place, environment }: PlaceList,
  settings: Settings,
  recorded: Recorded,
  live: LivePlaces,
): Finding[] {
  const { identity, refusal, title } = placeRules[place];
  const declared = new Set(
    settings.placements
      .filter((each) => each.place === place && each.environment === environment)
      .map(({ name }) => identity(name)),
  );
  return (live.list(place, environment) ?? [])
    .filter(({ name }) => !declared.has(identity(name)) && refusal(name) === undefined)
    .filter(({ createdAt, updatedAt }) => isLater(createdAt ?? updatedAt, recorded.updatedAt))
    .map(({ name, createdAt, updatedAt }) =>
      finding({
        kind: kindOf(place, 'undeclared'),
        subject: subjectOf({ name, ...(environment !== undefined && { environment }) }),
        what: `The ${title} ${name} was added${createdAt === undefined ? ' or changed' : ''} after the last update, and nobody declared it.`,
        since: createdAt ?? updatedAt,
        ...undeclaredFix(place, name, settings),
      }),
    );
}

function undeclaredFix(
  place: ManagedPlace,
  name: string,
  { placements, netlify }: Settings,
): Pick<Difference, 'command' | 'note'> {
  const declare = `declare it under allincompassing:values, in the place ${place}`;
  if (!placeResources[place].isProductions) return { note: `It deletes it. To keep it, ${declare}.` };
  return {
    command: commandThatDeclares(name, place, {
      isDeclared: [...placements, ...netlify.variables].some(({ value }) => value === name),
    }),
    note: `Production's functions may read it, so nothing here deletes it. To keep it, ${declare}; then ${forStack('npm run adopt')}.`,
  };
}

/** A secret or variable of the deploy job's environment that hides the declared one of the repository. */
function shadows(placement: ManagedPlacement, placements: readonly ManagedPlacement[], live: LivePlaces): Finding[] {
  const { place, name, environment } = placement;
  if (!placeResources[place].hasEnvironments || environment !== undefined) return [];
  const { identity, title } = placeRules[place];
  const same = (other: string) => identity(other) === identity(name);
  const isDeclared = placements.some(
    (each) => each.place === place && each.environment === deployEnvironment && same(each.name),
  );
  const hiding = isDeclared ? undefined : live.list(place, deployEnvironment)?.find((each) => same(each.name));
  if (!hiding) return [];
  return [
    finding({
      kind: kindOf(place, 'shadowed'),
      subject: hiding.name,
      what: `The environment ${deployEnvironment} has a ${title} ${hiding.name} of its own: the deploy job reads that one.`,
      since: hiding.updatedAt,
      note: 'It deletes the environment’s, so that the declared one is read again.',
    }),
  ];
}
