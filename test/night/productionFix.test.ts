import { describe, expect, it } from '@jest/globals';
import { bySeverity, finding, type Finding } from '../../commands/drift/finding.ts';
import { choose } from '../../commands/drift/reconcile/choose.ts';
import { overwritesProduction } from '../../commands/drift/kinds.ts';
import { reportMarkdown } from '../../commands/drift/report/markdown.ts';
import { movedByFix, withFirstSighting } from '../../commands/drift/sightings.ts';
import { lookText, summary } from '../../commands/drift/text.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { lookWith } from '../commands/drift/lookFixture.ts';

const changed = (more: Partial<Finding> = {}): Finding => ({
  ...finding({
    kind: 'shared-secret-changed',
    subject: 'KEY',
    what: 'KEY was changed.',
    contexts: ['branch:staging', 'production'],
    since: '2026-01-01T10:00:00Z',
    by: 'Ann',
    note: 'Be sure that it was not rotated.',
  }),
  ...more,
});
const missing = finding({ kind: 'context-missing', subject: 'OTHER', what: 'OTHER has no value.' });

const { ref } = sharedProject;

describe('a fix that writes production', () => {
  it.each([...overwritesProduction])('%s says so, on the terminal and in Markdown, with its caution', (kind) => {
    const look = lookWith([finding({ kind, subject: 'KEY', what: 'It changed.', note: 'Be sure first.' })]);
    for (const text of [lookText(look), reportMarkdown(look)]) {
      expect(text).toContain('PRODUCTION: to overwrite production with the recorded value: ');
      expect(text).toContain('Be sure first.');
    }
  });

  it('is refused in a script without the reference, and nothing else is chosen', async () => {
    const both = [missing, changed()];
    const only = both.map(({ id }) => id);
    await expect(choose(both, { only, ref, yes: true })).rejects.toThrow(`--project ${sharedProject.ref}`);
    await expect(choose(both, { only, ref, yes: true, project: 'another' })).rejects.toThrow('--project');
    const chosen = await choose(both, { only, ref, yes: true, project: sharedProject.ref });
    expect(chosen.map(({ id }) => id).sort()).toEqual([...only].sort());
  });

  it('is not chosen where nobody names it', async () => {
    expect(await choose([missing, changed()], { only: [], ref, yes: true })).toEqual([missing]);
  });
});

describe('the headline', () => {
  it('counts by severity, and names what is production’s', () => {
    expect(summary([changed(), missing], [])).toContain('2 findings: 1 critical (1 of PRODUCTION), 1 high. ');
    expect(summary([missing], [])).toContain('1 finding: 1 high. ');
  });

  it('has production’s first among equals', () => {
    const staging = finding({ kind: 'value-empty', subject: 'A', what: 'empty' });
    expect([staging, changed()].sort(bySeverity).map(({ kind }) => kind)).toEqual([
      'shared-secret-changed',
      'value-empty',
    ]);
  });
});

describe('the first sighting', () => {
  const ours = changed({ since: '2026-01-01T12:00:00Z', by: 'us' });
  it('is kept when our own fix moved the time', () => {
    const moved = movedByFix([changed()], [changed({ id: 'context-missing:KEY' })], [ours]);
    expect(withFirstSighting([ours], moved)).toEqual([changed()]);
  });

  it('gives way to a later change, and is no other key’s', () => {
    const moved = movedByFix([changed()], [changed()], [ours]);
    const later = changed({ since: '2026-01-01T13:00:00Z', by: 'Bob' });
    expect(withFirstSighting([later], moved)).toEqual([later]);
    expect(movedByFix([changed()], [missing], [ours])).toEqual([]);
  });
});
