import type { Given as Consent } from './ports.ts';

/** What a person typed. */
export interface Given {
  readonly dryRun: boolean;
  readonly to?: string;
  /** What leaked: a report, a path, a fingerprint, or `true`. */
  readonly leaked?: string | true;
  readonly resume: boolean;
  readonly back: boolean;
  readonly yes: boolean;
  readonly project?: string;
  readonly app?: string;
  /** Whether places that nobody can read were checked by hand. */
  readonly checked: boolean;
  /** The same of what a run with `--leaked` rotates, whatever that is. */
  readonly placesChecked: boolean;
  /** Whether requests with the old key hold nothing up. */
  readonly althoughUsed: boolean;
  /** Whether code that seems not to take the new kind of key was checked by hand. */
  readonly codeChecked: boolean;
  readonly random: boolean;
  readonly overlap?: number;
  readonly smoke: string | boolean;
  readonly timeout: number;
  readonly json: boolean;
  readonly stack: string;
}

/** How one rotation runs. */
export interface RotateOptions extends Consent {
  readonly resume: boolean;
  readonly overlapSeconds: number;
}

/** The same as a rotation takes it. */
export function optionsOf(values: Given, overlapSeconds: number): RotateOptions {
  return {
    ...{ resume: values.resume, back: values.back, yes: values.yes, project: values.project, overlapSeconds },
    codeChecked: values.codeChecked,
    checked: values.checked || values.placesChecked,
    althoughUsed: values.althoughUsed,
    smoke: typeof values.smoke === 'string' ? values.smoke : undefined,
    timeoutMs: values.timeout * 1000,
  };
}

/**
 * Whether the places that nobody can read were checked for what a run with `--leaked` rotates. There `--checked` says of a
 * token that was replaced before that it was revoked: of places it says something only where VALUE names what is rotated.
 */
export function placesAreChecked({ checked, placesChecked }: Given, named: string | undefined): boolean {
  return placesChecked || (checked && named !== undefined);
}
