import type { FailureClass } from '../../deploys/smokeAnnotation.ts';
import type { CheckResult } from './check.ts';
import { counted } from '../../machine/counted.ts';

/** The whole result of a run, as report.json holds it. */
export interface SmokeReport {
  readonly version: 1;
  readonly url: string;
  readonly environment: string;
  /** `blanked` holds nothing that a page showed; `full` does. */
  readonly evidence: 'blanked' | 'full';
  /** ISO 8601. */
  readonly started: string;
  readonly durationMs: number;
  readonly status: 'passed' | 'failed';
  /** The classes of the failed checks, in order, each once. */
  readonly failureClasses: readonly FailureClass[];
  readonly checks: readonly CheckResult[];
  readonly artefacts: readonly string[];
}

/** Puts the results of a run together. */
export function makeReport(
  head: Pick<SmokeReport, 'url' | 'environment' | 'evidence' | 'started' | 'durationMs' | 'artefacts'>,
  checks: readonly CheckResult[],
): SmokeReport {
  const classes = checks.flatMap((check) => check.failureClass ?? []);
  return {
    version: 1,
    ...head,
    status: classes.length === 0 ? 'passed' : 'failed',
    failureClasses: [...new Set(classes)],
    checks,
  };
}

/** The last line of a run: what it was about, and the classes of what failed. */
export function verdict(report: SmokeReport): string {
  const { length } = report.checks;
  if (report.status === 'passed') return `Smoke test passed: ${counted(length, 'check')}.`;
  const failed = report.checks.filter((check) => check.status === 'failed');
  return `Smoke test failed: ${report.failureClasses.join(', ')} (${failed.length} of ${counted(length, 'check')}: ${failed.map((check) => check.name).join(', ')}).`;
}

function escapeXml(text: string): string {
  return (
    text
      // Characters that XML 1.0 cannot carry at all.
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '�')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/** JUnit, as CI systems read it. */
export function junit(report: SmokeReport): string {
  const failures = report.checks.filter((check) => check.status === 'failed').length;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const cases = report.checks.map((check) => {
    const head = `    <testcase classname="preview-smoke" name="${escapeXml(check.name)}" time="${seconds(check.durationMs)}"`;
    if (check.status === 'passed') return `${head}/>`;
    return `${head}>\n      <failure type="${check.failureClass ?? ''}" message="${escapeXml(check.detail)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${report.checks.length}" failures="${failures}" time="${seconds(report.durationMs)}">`,
    `  <testsuite name="preview-smoke" tests="${report.checks.length}" failures="${failures}" timestamp="${report.started}" time="${seconds(report.durationMs)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const style = `
:root { color-scheme: light dark; --line: #d0d7de; --good: #1a7f37; --bad: #cf222e; --dim: #59636e; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --good: #3fb950; --bad: #f85149; --dim: #9198a1; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid var(--line); }
.passed { color: var(--good); } .failed { color: var(--bad); } .dim { color: var(--dim); } td { overflow-wrap: anywhere; }
img { max-width: 100%; border: 1px solid var(--line); }`;

/** The picture as a part of the page, to be put in after masking: a mask must not touch its base64. */
export function pictureHtml(screenshot: Buffer): string {
  return `<h2>Picture</h2><img alt="The page's layout, or the page, when the dashboard check ended" src="data:image/png;base64,${screenshot.toString('base64')}">`;
}

/** One page without any request: the table and the facts; {@link pictureHtml} goes where `<!--picture-->` stands. */
export function html(report: SmokeReport): string {
  const rows = report.checks.map((check) => {
    const facts = Object.entries(check.facts).map(([name, value]) => `${name}: ${value}`);
    const mark = check.status === 'passed' ? '✓ passed' : `✗ ${check.failureClass ?? 'failed'}`;
    return `<tr><td class="${check.status}">${mark}</td><th scope="row">${escapeXml(check.title)}</th><td>${escapeXml(check.detail)}${
      facts.length > 0 ? `<br><span class="dim">${escapeXml(facts.join(', '))}</span>` : ''
    }</td><td>${check.durationMs} ms${check.attempts > 1 ? `, ${check.attempts} attempts` : ''}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Smoke test ${report.status}: ${escapeXml(report.environment)}</title><style>${style}</style></head>
<body><main><h1 class="${report.status}">${escapeXml(verdict(report))}</h1>
<p>${escapeXml(report.url)}<br><span class="dim">${report.started}, ${(report.durationMs / 1000).toFixed(1)} s</span></p>
<table><thead><tr><th scope="col">Result</th><th scope="col">Check</th><th scope="col">Detail</th><th scope="col">Time</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table><!--picture--></main></body></html>
`;
}
