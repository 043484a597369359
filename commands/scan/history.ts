import { resolve } from 'node:path';
import { git } from '../../files/git.ts';
import { everyMessage, everyVersion, sources } from '../../files/history.ts';
import type { ScanFinding } from '../../files/scanFinding.ts';
import { scanSource, type Found, type ValueFinder } from '../../files/scanSource.ts';
import { judge } from '../../files/scanSources.ts';
import type { Report } from '../../toolchain/toolchain.ts';
import { interruptible } from '../../cli/interrupt.ts';
import { Journal, rulesDigest, type Entry } from './journal.ts';

/** What a scan of a whole history needs. */
export interface HistoryScan {
  /** A folder of the repository. */
  readonly folder: string;
  /** This project's root: the rules are its own. */
  readonly root: string;
  /** Where an interrupted scan leaves what it has done. */
  readonly journals: string;
  /** The text of the reviewed exceptions. */
  readonly exceptions: string;
  /** The vault's values. With them no journal is kept: the next run's may be others. */
  readonly known?: ValueFinder | undefined;
  readonly report: Report;
}

/** After so many contents they are noted, and signals are heard. */
const pace = 50;

const breath = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Scans every content that a repository's history ever held, each once, and every commit's message. What many versions of
 * a file hold is one finding, at the oldest of them. Throws git's own message where there is no repository.
 */
export async function scanHistory(scan: HistoryScan): Promise<ScanFinding[]> {
  const { folder, known, report } = scan;
  const begin = performance.now();
  const seconds = () => Math.round((performance.now() - begin) / 1000);
  if (git(folder, ['rev-parse', '--is-shallow-repository']).trim() === 'true')
    report({ kind: 'note', text: 'This clone lacks its older commits; git fetch --unshallow brings them.' });
  const { versions, paths } = everyVersion(folder);
  const shared = resolve(folder, git(folder, ['rev-parse', '--git-common-dir']).trim());
  const journal = known ? undefined : new Journal(scan.journals, [shared, rulesDigest(scan.root)]);
  const rest = versions.filter(({ hash }) => journal?.done.has(hash) !== true);
  const found: Found[] = versions.flatMap(({ hash }) => journal?.done.get(hash) ?? []);
  let count = versions.length - rest.length;
  if (count > 0) report({ kind: 'note', text: `Going on: ${count} of ${versions.length} contents are done.` });

  const told = () => [
    `Interrupted: ${count} of ${versions.length} contents of files are done.`,
    journal ? 'The same command goes on from there.' : 'With --vault the same command begins anew.',
  ];
  await interruptible(told, async () => {
    let unnoted: Entry[] = [];
    let index = 0;
    for (const source of sources(folder, rest, { incomplete: true })) {
      const entry = { hash: rest[index++]?.hash ?? '', found: scanSource(source, known, journal?.digestOf) };
      unnoted.push(entry);
      found.push(...entry.found);
      if (index % pace > 0 && index < rest.length) continue;
      journal?.add(unnoted);
      count += unnoted.length;
      unnoted = [];
      report({ kind: 'progress', text: `${count} of ${versions.length} contents of files`, seconds: seconds() });
      await breath();
    }
  });
  for (const message of everyMessage(folder)) found.push(...scanSource(message, known, journal?.digestOf));
  const findings = once(judge(found, paths, scan.exceptions, known));
  journal?.remove();
  report({ kind: 'note', text: `Scanned ${versions.length} contents of files in ${seconds()} s.` });
  return findings;
}

/** Of the same finding in many versions of a file, the first. */
function once(findings: readonly ScanFinding[]): ScanFinding[] {
  const firsts = new Map<string, ScanFinding>();
  for (const finding of findings) {
    const { file, rule, fingerprint, line } = finding;
    const key = [file, rule, fingerprint === '' ? line : fingerprint].join('\0');
    if (!firsts.has(key)) firsts.set(key, finding);
  }
  return [...firsts.values()];
}
