import { severities, severityOf } from '../../alerts/severity.ts';
import { missingConsent, type Missing } from '../../cli/missing.ts';
import { migrationsOf } from './migrateStep.ts';
import { momentOf } from '../../incidents/moment.ts';
import { kinds, needsSmoke, type Incident } from '../../incidents/record.ts';
import type { IncidentValues } from './session.ts';

/** What a call of `incident` for the project `ref` lacks: of the verb's own options, and of consent where nobody can be asked. */
export function lacking(verb: string, values: IncidentValues, ref: string, incident?: Incident): (Missing | false)[] {
  const consent = (reference?: string) => (values.dryRun ? [] : missingConsent(values, reference));
  const application = migrationsOf(values) === undefined && {
    add: '--application PATH',
    why: 'the checkout of the application whose migrations are applied',
  };
  switch (verb) {
    case 'start':
      return [
        !values.title?.trim() && { add: '--title TEXT', why: 'what is wrong, in a line' },
        !kinds.some((kind) => kind === values.kind) && { add: `--kind ${kinds[0]}`, why: `one of ${kinds.join(', ')}` },
        severityOf(values.severity) === undefined && {
          add: '--severity medium',
          why: `one of ${Object.entries(severities)
            .map(([name, { level }]) => `${name} (${level})`)
            .join(', ')}`,
        },
        ...consent(),
      ];
    case 'update':
      return [!values.text?.trim() && { add: '--text TEXT', why: 'the text for the channel' }, ...consent()];
    case 'migrate':
      return [application, ...consent(ref)];
    case 'restore': {
      const { to, yes, confirmTo } = values;
      if (to !== undefined) momentOf('--to', to); // a wrong moment before a missing consent to it
      if (to === undefined || values.dryRun) return [];
      const isScript = yes || !process.stdin.isTTY;
      return [
        application,
        isScript && confirmTo === undefined && { add: `--confirm-to ${to}`, why: 'the moment is given twice' },
        ...consent(ref),
      ];
    }
    case 'close':
      return [
        !values.rootCause?.trim() && { add: '--root-cause TEXT', why: 'why it happened; it is posted' },
        incident !== undefined &&
          !values.dryRun &&
          values.url === undefined &&
          needsSmoke(incident) && {
            add: '--url ADDRESS',
            why: 'what touched the database is over when a smoke test passes',
          },
        ...consent(),
      ];
    default:
      return [];
  }
}
