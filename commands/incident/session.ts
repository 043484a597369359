import { UsageError } from '../../cli/errors.ts';
import { confirm } from '../../cli/confirm.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { exitCode } from '../../cli/errors.ts';
import { announce } from './announce.ts';
import { noted, openIncidents, saveIncident, type Incident } from '../../incidents/record.ts';
import { thisWill } from '../../cli/dryRun.ts';

/** What a person typed, as far as the steps of an incident read it. */
export interface IncidentValues {
  readonly title?: string | undefined;
  readonly kind?: string | undefined;
  readonly severity: string;
  readonly text?: string | undefined;
  readonly rootCause?: string | undefined;
  readonly url?: string | undefined;
  readonly smoke: string;
  readonly to?: string | undefined;
  readonly confirmTo?: string | undefined;
  readonly again: boolean;
  readonly project: string | undefined;
  /** The application's checkout, or its folder of migrations. */
  readonly application?: string | undefined;
  readonly migrations?: string | undefined;
  readonly without: readonly string[];
  readonly includeAll: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly dir: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** One call of `incident`: who does it, where the record is, and how it speaks. */
export class Session {
  readonly staging: StagingServices;
  /** Where incidents are kept. */
  readonly folder: string;
  readonly by: string;
  readonly values: IncidentValues;
  /** Masks every secret of this environment: everything that is kept or sent goes through it. */
  readonly redact: (text: string) => string;
  /** The exit code when nothing was done: as wished with `--dry-run`, else an error. */
  readonly stopped: number;

  constructor(given: Pick<Session, 'staging' | 'folder' | 'by' | 'values' | 'redact'>) {
    this.staging = given.staging;
    this.folder = given.folder;
    this.by = given.by;
    this.values = given.values;
    this.redact = given.redact;
    this.stopped = given.values.dryRun ? exitCode.fine : exitCode.error;
  }

  readonly report = (line: string): void => {
    process.stderr.write(`${this.redact(line)}\n`);
  };

  /** How long to wait for a restore. */
  timeoutMs(): number {
    return this.values.timeout * 1000;
  }

  /** An option that the step cannot do without, without secrets. */
  needed(name: 'title' | 'text' | 'rootCause'): string {
    const text = this.values[name];
    if (!text?.trim()) throw new UsageError(`--${name === 'rootCause' ? 'root-cause' : name} TEXT is missing.`);
    return this.redact(text.trim());
  }

  /** Says what will be done, from its verb on; true when it is to be done. `incident` is the one that it is about, if there is one yet. */
  async agreed(what: string, incident: Incident | undefined): Promise<boolean> {
    this.report(`${thisWill(this.values.dryRun)} ${what}`);
    if (this.values.dryRun) {
      this.nothing('Nothing was done (--dry-run).', incident);
      return false;
    }
    const yes = await confirm('Go on?', this.values);
    if (!yes) this.report('Nothing was done.');
    return yes;
  }

  /** The result of a call that changed nothing: for people its words, for programs an object. */
  nothing(words: string, incident: Incident | undefined): void {
    const result = { changed: false, dryRun: this.values.dryRun, incident: incident ?? null };
    process.stdout.write(this.values.json ? `${JSON.stringify(result, undefined, 2)}\n` : `${words}\n`);
  }

  /** Adds a line to the timeline, and keeps the record. */
  note(incident: Incident, text: string): Incident {
    const after = noted(incident, this.by, text);
    saveIncident(this.folder, after);
    return after;
  }

  /** Notifies the channel, keeps the record, and names what to do next. */
  async finish(incident: Incident, title: string, text: string, next: string): Promise<number> {
    const told = await announce(incident, title, text, this.staging.root);
    const after = told ? incident : noted(incident, this.by, 'The channel could NOT be notified');
    saveIncident(this.folder, after);
    const lines = `${incident.id}: ${title}\n${text}\nNext: ${this.named(next, incident)}\n`;
    process.stdout.write(this.values.json ? `${JSON.stringify(after, undefined, 2)}\n` : lines);
    return told ? exitCode.fine : exitCode.findings;
  }

  /** The next command as it has to be typed: while several incidents are open, `incident` wants to know which. */
  private named(next: string, { id }: Incident): string {
    const several = openIncidents(this.folder).length > 1;
    return several ? next.replace(/npm run incident -- \w+/, `$& --id ${id}`) : next;
  }
}
