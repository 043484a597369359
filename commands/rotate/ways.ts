import { mayGoBack, type Journal } from '../../rotation/journal.ts';

/** How a rotation goes on, by the commands with these options. One that is being taken back goes on in that way alone. */
export function ways(journal: Journal | undefined, command: (flag: string) => string): string {
  if (journal?.direction === 'back') return `Go on: ${command('back')}`;
  const takeBack =
    journal === undefined || (mayGoBack(journal) && journal.dead !== 'old')
      ? `   Take it back: ${command('back')}`
      : '';
  return `Go on: ${command('resume')}${takeBack}`;
}

/** What is so where somebody stops it. */
export function stopped(journal: Journal | undefined, command: (flag: string) => string): string {
  const state =
    journal?.dead === undefined
      ? 'Nothing that runs has a dead key.'
      : `The ${journal.dead} key was refused: what runs with it has a dead one until this has come to its end.`;
  return `Stopped. ${state} ${ways(journal, command)}`;
}
