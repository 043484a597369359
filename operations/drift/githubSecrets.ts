import { counted } from '../../machine/counted.ts';
import type { LiveSecret } from '../../services/github.ts';
import type { Settings } from '../../settings/settings.ts';
import { finding, type Finding } from './finding.ts';
import type { Recorded } from './recorded.ts';
import { ageInDays, isLater } from './time.ts';

/** The live secrets: where they are declared, and in the environment that could hide them. */
export interface LiveSecrets {
  readonly declaredPlace: readonly LiveSecret[];
  /** Of the environment in which the deploy job runs, when the secrets are declared for the repository. */
  readonly environment: readonly LiveSecret[];
  /** Whether the declared environment is there; `true` when none is declared. */
  readonly environmentExists: boolean;
}

/** The environment in which the deploy job runs: its secrets come before the repository's. */
export const deployEnvironment = 'staging';

/** Every difference between the declared Actions secrets, what the last update sealed, and what GitHub lists. */
export function githubSecrets(
  { github }: Settings,
  recorded: Recorded,
  live: LiveSecrets,
  maxAgeDays: number,
  now: number,
): Finding[] {
  if (github.environment !== undefined && recorded.hasEnvironment && !live.environmentExists) {
    return [
      finding({
        kind: 'github-environment-missing',
        subject: github.environment,
        what: `GitHub's environment ${github.environment} is gone, and its secrets with it.`,
        note: `It makes one to which ${github.protection.branch} alone may deploy, and seals the secrets into it. Who had to review, and how long it waited, went with the old one: set that on GitHub.`,
      }),
    ];
  }
  const declared = new Set(github.secrets.map(({ name }) => name));
  const byName = new Map(live.declaredPlace.map((secret) => [secret.name.toUpperCase(), secret]));
  const own = [...declared].flatMap((name) =>
    declaredSecret(name, recorded, byName.get(name.toUpperCase()), maxAgeDays, now),
  );
  const extra = live.declaredPlace
    .filter(({ name }) => ![...declared].some((each) => each.toUpperCase() === name))
    .filter(({ createdAt }) => isLater(createdAt, recorded.updatedAt))
    .map(({ name, createdAt }) =>
      finding({
        kind: 'github-secret-undeclared',
        subject: name,
        what: `The Actions secret ${name} was added after the last update, and nobody declared it.`,
        since: createdAt,
        note: 'It deletes the secret. To keep it, declare it under allincompassing:github.secrets.',
      }),
    );
  const shadows = live.environment
    .filter(({ name }) => [...declared].some((each) => each.toUpperCase() === name))
    .map(({ name, updatedAt }) =>
      finding({
        kind: 'github-secret-shadowed',
        subject: name,
        what: `The environment ${deployEnvironment} has a secret ${name} of its own: the deploy job reads that one.`,
        since: updatedAt,
        note: 'It deletes the environment’s secret, so that the declared one is read again.',
      }),
    );
  return [...own, ...extra, ...shadows];
}

function declaredSecret(
  name: string,
  recorded: Recorded,
  live: LiveSecret | undefined,
  maxAgeDays: number,
  now: number,
): Finding[] {
  const written = recorded.secrets.get(name);
  if (!written) return [];
  if (!live) {
    return [
      finding({
        kind: 'github-secret-missing',
        subject: name,
        what: `The Actions secret ${name} is not on GitHub any more.`,
      }),
    ];
  }
  // Both times are GitHub's own, to the second: any difference is somebody's write, and without a record nobody knows.
  const recordedAt = written.updatedAt;
  if (recordedAt === undefined || Date.parse(live.updatedAt) !== Date.parse(recordedAt)) {
    return [
      finding({
        kind: 'github-secret-changed',
        subject: name,
        what:
          recordedAt === undefined
            ? `The stack has no time of its last write of the Actions secret ${name}: whether it is still the last update’s, nobody can know.`
            : `The Actions secret ${name} was changed since the last update; \`pulumi up\` would not notice.`,
        since: live.updatedAt,
      }),
    ];
  }
  const age = ageInDays(live.updatedAt, now) ?? 0;
  if (age <= maxAgeDays) return [];
  return [
    finding({
      kind: 'github-secret-old',
      subject: name,
      what: `The Actions secret ${name} is ${counted(age, 'day')} old; the limit is ${maxAgeDays}.`,
      since: live.updatedAt,
      command: 'pulumi up',
      note: 'Rotate it at its vendor and in the vault first.',
    }),
  ];
}
