import { element, type PageContext } from '../lib/page.ts';
import type { Person } from '../lib/person.ts';

interface Session {
  readonly start_time: string;
  readonly client: { readonly full_name: string } | null;
}

interface DashboardData {
  readonly todaySessions?: readonly Session[];
  readonly incompleteSessions?: readonly Session[];
  readonly billingAlerts?: readonly unknown[];
  readonly clientMetrics?: { readonly total: number; readonly active: number };
}

async function read(token: string): Promise<DashboardData | undefined> {
  const answer = await fetch('/api/dashboard', { headers: { authorization: `Bearer ${token}` } });
  return answer.ok ? ((await answer.json()) as DashboardData) : undefined;
}

function card(title: string, value: number): HTMLElement {
  return element('section', {}, element('h3', {}, title), element('p', {}, String(value)));
}

function line({ start_time: at, client }: Session): HTMLElement {
  return element('li', {}, `${at.slice(11, 16)} ${client?.full_name ?? ''}`);
}

/** The day of the practice. An empty day is a day like any other. */
export async function Dashboard({ root }: PageContext, { token, email, role }: Person): Promise<void> {
  root.replaceChildren(element('p', {}, 'One moment …'));
  const data = await read(token).catch(() => undefined);
  const { todaySessions = [], incompleteSessions = [], billingAlerts = [], clientMetrics } = data ?? {};
  root.replaceChildren(
    element('p', {}, `${email} (${role})`),
    ...(data ? [] : [element('h2', {}, 'A part of this page failed to load')]),
    element('h1', {}, 'Dashboard'),
    card('Active Clients', clientMetrics?.active ?? 0),
    card("Today's Sessions", todaySessions.length),
    card('Pending Documentation', incompleteSessions.length),
    card('Billing Alerts', billingAlerts.length),
    element('h2', {}, 'Next'),
    todaySessions.length === 0
      ? element('p', {}, 'Nothing more today')
      : element('ul', {}, ...todaySessions.map((session) => line(session))),
  );
}
