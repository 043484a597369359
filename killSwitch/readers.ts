/** A place of the kill switch. */
export type SwitchPlace = 'row' | 'secret' | 'netlify';

/**
 * What is known to read each place, of the application’s sources: its agents are Edge Functions of the project. No Netlify
 * function and no script of the pages reads the variable on Netlify, so what is set there
 * alone stops no agent.
 */
export const knownReaders: Readonly<Record<SwitchPlace, readonly string[]>> = {
  secret: ["the agents' Edge Functions, first, in every environment that uses the project"],
  row: ["the agents' Edge Functions, after the secret, in every environment that uses the project"],
  netlify: [],
};

/** Who reads a place, in one phrase. */
export function readersText(place: SwitchPlace): string {
  const readers = knownReaders[place];
  return readers.length === 0 ? 'read by nothing that is known' : `read by ${readers.join(', ')}`;
}

/** What agents do when they themselves cannot read the row. It depends on which of its states the application is in. */
export const rowUnreadable = "the playbook's application then lets agents ACT, its newest state denies";
