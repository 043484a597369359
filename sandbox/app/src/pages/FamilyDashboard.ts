import { element, type PageContext } from '../lib/page.ts';
import type { Person } from '../lib/person.ts';

/** What a family sees. */
export function FamilyDashboard({ root }: PageContext, { firstName }: Person): void {
  root.replaceChildren(
    element('h1', {}, `Welcome back${firstName === undefined ? '' : `, ${firstName}`}`),
    element('p', {}, 'Nobody is linked to you yet'),
  );
}
