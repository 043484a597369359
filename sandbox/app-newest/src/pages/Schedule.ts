import { element, type PageContext } from '../lib/page.ts';

/** The week of a therapist. */
export function Schedule({ root }: PageContext): void {
  root.replaceChildren(element('h1', {}, 'Schedule'), element('p', {}, 'Nothing is planned'));
}
