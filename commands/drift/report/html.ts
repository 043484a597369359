import { printable } from '../../../machine/printable.ts';
import type { Settings } from '../../../settings/settings.ts';
import { hintOf, type Finding } from '../finding.ts';
import { severities } from '../kind.ts';
import type { Run } from '../history.ts';
import type { Look } from '../observed.ts';
import { summary } from '../text.ts';
import { placeRules } from '../../../places/places.ts';
import type { ReaderRow } from '../checks/applicationReaders.ts';
import { matrix, type CellState } from './matrix.ts';
import { style } from './style.ts';
import { counted } from '../../../machine/counted.ts';

/** What a page is made of, besides the look itself. */
export interface ReportInput {
  readonly settings: Settings;
  readonly seen: Look;
  readonly runs: readonly Run[];
  readonly now: number;
  readonly stack: string;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

/** The report as one file that needs nothing else: no script, no network, no value of any variable. */
export function reportHtml({ settings, seen, runs, now, stack }: ReportInput): string {
  const time = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Drift of ${escape(stack)}: ${counted(seen.findings.length, 'finding')}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>Drift of ${escape(stack)}</h1>
<p class="verdict ${seen.findings.length === 0 && seen.errors.length === 0 ? 'fine' : 'bad'}">${escape(summary(seen.findings, seen.errors).replace(/ Fix the .*/, ''))}</p>
<p>${time} UTC</p>
</header>
<main>
${section('errors', 'Not seen', list(seen.errors))}
<section aria-labelledby="matrix"><h2 id="matrix">Variables and targets</h2>
${matrixTable(settings, seen)}</section>
${section('readers', 'Who reads what', readersTable(seen.readers))}
<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>
${seen.findings.length === 0 ? '<p>None.</p>' : seen.findings.map(findingHtml).join('\n')}</section>
<section aria-labelledby="history"><h2 id="history">${runs.length === 1 ? 'The last run' : `The last ${runs.length} runs`}</h2>
${history(runs)}</section>
${section('unchecked', 'Not checked', list(seen.notChecked))}
</main>
</body>
</html>
`;
}

function section(id: string, title: string, body: string): string {
  return body === '' ? '' : `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}</section>`;
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
}

/** Each state by a sign and a word: colour alone says nothing to many. */
const cells: Readonly<Record<CellState, readonly [sign: string, word: string]>> = {
  declared: ['✓', 'as declared'],
  drift: ['≠', 'differs'],
  missing: ['✗', 'missing'],
  extra: ['+', 'not declared'],
  none: ['·', 'not meant to be there'],
  unseen: ['?', 'not seen'],
};

/** On a phone the style stacks a row's cells, each with its column's name: hence the roles, which a stacked table loses. */
function matrixTable(settings: Settings, seen: Look): string {
  const { columns, rows } = matrix(settings, seen);
  const legend = Object.entries(cells).map(
    ([state, [sign, word]]) => `<li><span class="${state}">${sign}</span> ${word}</li>`,
  );
  const head = columns.map((column) => `<th role="columnheader" scope="col">${escape(column)}</th>`).join('');
  const body = rows.map(({ name, note, cells: states }) => {
    const tag = note === '' ? '' : ` <small>${escape(note)}</small>`;
    const data = states.map((state, index) => {
      const [sign, word] = cells[state];
      return `<td role="cell" class="${state}" data-column="${escape(columns[index] ?? '')}"><span aria-hidden="true">${sign}</span><span class="word">${word}</span></td>`;
    });
    return `<tr role="row"><th role="rowheader" scope="row">${escape(name)}${tag}</th>${data.join('')}</tr>`;
  });
  return `<ul class="legend" aria-label="Signs">${legend.join('')}</ul>
<div class="wide" role="region" aria-label="Table of variables and targets" tabindex="0"><table role="table" class="matrix">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Variable</th>${head}</tr></thead>
<tbody role="rowgroup">${body.join('\n')}</tbody></table></div>`;
}

/** Each value in each place, and whether the application reads it there; empty without a clone of the application. */
function readersTable(rows: readonly ReaderRow[] | undefined): string {
  if (rows === undefined) return '';
  const body = rows.map(({ value, place, name, environment, status, severity, accepted, readers }) => {
    const tag = name === value ? '' : ` <small>as ${escape(name)}</small>`;
    const where = `${placeRules[place].title}${environment === undefined ? '' : `, ${environment}`}`;
    const said = accepted === undefined ? status : `${status}; accepted: ${accepted}`;
    const by = readers.slice(0, 3).map(({ file, line }) => `${file}:${line}`);
    const more = readers.length > 3 ? ` and ${readers.length - 3} more` : '';
    const state = severity === null || accepted !== undefined ? 'declared' : severity === 'low' ? 'extra' : 'drift';
    return `<tr role="row"><th role="rowheader" scope="row">${escape(value)}${tag}</th><td role="cell" data-column="Place">${escape(where)}</td><td role="cell" class="${state}" data-column="Read">${escape(said)}</td><td role="cell" data-column="By">${escape(by.join(', ') + more)}</td></tr>`;
  });
  const head = ['Value', 'Place', 'Read', 'By'].map((column) => `<th role="columnheader" scope="col">${column}</th>`);
  return `<div class="wide" role="region" aria-label="Table of values and their readers" tabindex="0"><table role="table" class="matrix">
<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>
<tbody role="rowgroup">${body.join('\n')}</tbody></table></div>`;
}

function findingHtml({ id, severity, what, where, since, by, fix }: Finding): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Where', [where.target, where.subject, ...(where.contexts ?? [])].join(', ')],
    ['Since', since],
    ['By', by],
    ['Name', id],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${name}</dt><dd>${escape(value)}</dd>`],
  );
  const hint = hintOf(fix);
  const who = `${hint.slice(0, 1).toUpperCase()}${hint.slice(1)}`;
  return `<details${severity === 'critical' || severity === 'high' ? ' open' : ''}>
<summary><span class="severity ${severity}">${severity}</span> ${escape(what)}</summary>
<dl>${rows.join('')}</dl>
<p>${who}:</p>
<pre tabindex="0"><code>${escape(fix.command)}</code></pre>
${fix.note === undefined ? '' : `<p>${escape(fix.note)}</p>`}
</details>`;
}

function history(runs: readonly Run[]): string {
  if (runs.length === 0) return '<p>This is the first.</p>';
  const most = Math.max(1, ...runs.map(({ counts }) => severities.reduce((sum, name) => sum + counts[name], 0)));
  const rows = runs.toReversed().map(({ time, counts, complete }) => {
    const total = severities.reduce((sum, name) => sum + counts[name], 0);
    const cellsOf = severities.toReversed().map((name) => `<td>${counts[name]}</td>`);
    const width = Math.round((100 * total) / most);
    const bar = `<svg class="bar" viewBox="0 0 100 8" aria-hidden="true" preserveAspectRatio="none"><rect width="${width}" height="8"/></svg>`;
    const note = complete ? '' : ' <small>not complete</small>';
    return `<tr><th scope="row">${escape(time.slice(0, 16).replace('T', ' '))}${note}</th>${cellsOf.join('')}<td>${total} ${bar}</td></tr>`;
  });
  const head = severities.toReversed().map((name) => `<th scope="col">${name}</th>`);
  return `<div class="wide" role="region" aria-label="Table of runs" tabindex="0"><table>
<thead><tr><th scope="col">Run (UTC)</th>${head.join('')}<th scope="col">all</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}
