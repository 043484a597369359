import { codeSpan } from '../../../cli/codeSpan.ts';
import { hintOf, type Finding } from '../finding.ts';
import type { Look } from '../observed.ts';
import { summary } from '../text.ts';

const shown = 20;

/**
 * The findings for a pull request's comment: what the live system did, apart from what the pull request changes. Each text may hold a
 * service's words, so each is a code span.
 */
export function reportMarkdown({ findings, notChecked, errors }: Look): string {
  const row = ({ severity, what, since, by, fix }: Finding) =>
    `| ${severity} | ${codeSpan(what)} | ${[since?.slice(0, 16), by]
      .filter((each) => each !== undefined)
      .map(codeSpan)
      .join(
        ' ',
      )} | ${hintOf(fix)}: ${codeSpan(fix.command)}${fix.note === undefined ? '' : ` ${codeSpan(fix.note)}`} |`;
  const table = ['| | What | Since | Fix |', '| --- | --- | --- | --- |', ...findings.slice(0, shown).map(row)];
  return [
    '### Drift of the live system',
    '',
    summary(findings, errors),
    ...(findings.length > 0 ? ['', ...table] : []),
    ...(findings.length > shown ? ['', `… and ${findings.length - shown} more, in the report.`] : []),
    ...errors.map((error) => `\n- **not seen:** ${codeSpan(error)}`),
    ...(notChecked.length > 0 ? ['', ...notChecked.map((each) => `- not checked: ${codeSpan(each)}`)] : []),
    '',
  ].join('\n');
}
