import { UsageError } from '../../cli/errors.ts';
import { applyPending, pendingMigrations, planLines } from './migrations/apply.ts';
import { readCheckout } from './migrations/checkout.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { nextStep } from './next.ts';
import { noted, type Incident } from '../../incidents/record.ts';
import type { IncidentValues, Session } from './session.ts';
import { thisWill } from '../../cli/dryRun.ts';

/** The application's checkout, as it was given; there is no default: whose migrations they are only a person knows. */
export function migrationsOf({ application, migrations }: IncidentValues): string | undefined {
  return application ?? migrations;
}

function planned({ values, staging }: Session) {
  const path = migrationsOf(values);
  if (path === undefined) {
    throw new UsageError('Name the checkout of the application whose migrations are to be applied: --application PATH');
  }
  const checkout = readCheckout(path);
  const options = { without: values.without, includeAll: values.includeAll };
  return { checkout, options, plan: () => pendingMigrations(checkout, staging.project.ref, options) };
}

/** Applies the migrations to the shared project again: after a restore, or once the fix is ready. */
export async function migrate(session: Session, incident: Incident): Promise<number> {
  const { by, values, report, staging } = session;
  const { ref, isShared } = staging.project;
  const { plan } = planned(session);
  const lines = planLines(await plan());
  report(
    `${thisWill(values.dryRun)} apply to ${ref}${isShared ? ', which PRODUCTION uses' : ''}:\n${lines.join('\n')}`,
  );
  if (values.dryRun) {
    session.nothing('Nothing was done (--dry-run).', incident);
    return session.stopped;
  }
  if (!(await confirmSharedProject('Type the project’s reference to apply them:', { ...values, ref, isShared }))) {
    report('Nothing was done.');
    return session.stopped;
  }
  const applied = await safely(session, () => migrateNow(session));
  const migrated = { ...noted(incident, by, applied), migratedAt: new Date().toISOString() };
  return session.finish(migrated, `Migrated: ${incident.title}`, applied, await nextStep(migrated, session.staging));
}

/** PostgreSQL's message is shown, so it is masked before anybody prints it. */
async function safely<Result>({ redact }: Session, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(redact(error.message), { cause: error });
  }
}

/** Applies what the history lacks now. Yields a line for the timeline. */
export async function migrateNow(session: Session): Promise<string> {
  const { checkout, options, plan } = planned(session);
  const found = await plan();
  session.report(`Applying the migrations of ${checkout.root} that the history lacks:`);
  for (const line of planLines(found)) session.report(line);
  const applied = await applyPending(
    checkout,
    found,
    { ref: session.staging.project.ref, includeAll: options.includeAll },
    session.report,
  );
  const leftOut = found.leftOut.length === 0 ? '' : ` Left out: ${found.leftOut.join(', ')}.`;
  return applied.length === 0
    ? `The history has all migrations that are to be applied (${checkout.migrations.length} in the checkout).${leftOut}`
    : `Migrations applied again: ${applied.join(', ')}.${leftOut}`;
}
