import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, junit, pictureHtml, type SmokeReport } from './report.ts';

/** Writes report.json, report.html and junit.xml, each masked once more as a whole. */
export function writeReports(folder: string, report: SmokeReport, redact: (text: string) => string): void {
  const screenshot = join(folder, 'dashboard.png');
  const picture = existsSync(screenshot) ? pictureHtml(readFileSync(screenshot)) : '';
  writeFileSync(join(folder, 'report.json'), redact(`${JSON.stringify(report, undefined, 2)}\n`));
  writeFileSync(join(folder, 'junit.xml'), redact(junit(report)));
  writeFileSync(
    join(folder, 'report.html'),
    redact(html(report)).replace('<!--picture-->', () => picture),
  );
}
