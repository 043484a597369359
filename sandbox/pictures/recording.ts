/** A line of a terminal, and when it came. */
export interface RecordedLine {
  /** Milliseconds since the command was started. */
  readonly at: number;
  readonly text: string;
}

const columns = 116;
const rows = 30;
const lineHeight = 17;
const padding = 14;
/** A pause in the recording lasts no longer, in milliseconds. */
const longestPauseMs = 900;
/** How long the end stays, in milliseconds, before the recording begins again. */
const restMs = 8_000;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A recording of a terminal as one SVG without script: lines come in their order, and the text scrolls as in a terminal. */
export function recordingSvg(command: string, recorded: readonly RecordedLine[]): string {
  const lines = timed([{ at: 0, text: `$ ${command}` }, ...recorded]);
  const total = (lines.at(-1)?.at ?? 0) + restMs;
  const percent = (at: number) => `${((at / total) * 100).toFixed(2)}%`;
  const texts = lines.map(
    ({ at, text }, index) =>
      `<text y="${(index + 1) * lineHeight}" class="${classOf(text, index)}" style="animation-name:l${index}">${shown(text)}</text>` +
      `<style>@keyframes l${index}{0%{opacity:0}${percent(Math.max(0, at - 1))}{opacity:0}${percent(at)}{opacity:1}100%{opacity:1}}</style>`,
  );
  const steps = lines.flatMap(({ at }, index) =>
    index < rows ? [] : [`${percent(at)}{transform:translateY(${(rows - index - 1) * lineHeight}px)}`],
  );
  const [width, height] = [columns * 7.3 + 2 * padding, rows * lineHeight + 2 * padding];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Recording of ${escaped(command)}">
<style>
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d5dbe3;white-space:pre;animation-duration:${total}ms;animation-iteration-count:infinite;animation-timing-function:step-end}
.command{fill:#fff;font-weight:bold}.step{fill:#7cc4ff;font-weight:bold}.good{fill:#8ddb8c}
#lines{animation:scroll ${total}ms step-end infinite}
@keyframes scroll{0%{transform:none}${steps.join('')}}
</style>
<rect width="100%" height="100%" rx="8" fill="#16191d"/>
<svg x="${padding}" y="${padding}" width="${width - 2 * padding}" height="${rows * lineHeight + 4}"><g id="lines">
${texts.join('\n')}
</g></svg>
</svg>
`;
}

/** The same lines with the long pauses made short. */
function timed(lines: readonly RecordedLine[]): RecordedLine[] {
  let at = 0;
  return lines.map(({ text, at: came }, index) => {
    at += Math.min(longestPauseMs, came - (lines[index - 1]?.at ?? 0));
    return { at: Math.round(at), text };
  });
}

function classOf(text: string, index: number): string {
  if (index === 0) return 'command';
  if (/^(?:npm run|pulumi (?:up|preview)|Setting up|Starting|What is|The deploy job)\b/.test(text)) return 'step';
  return /in place$|^Production is untouched|^Done/.test(text) ? 'good' : 'plain';
}

/** What a terminal of this width shows of a line, and no more. */
function shown(text: string): string {
  return escaped(text.length > columns ? `${text.slice(0, columns - 1)}…` : text);
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => escapes[character] ?? '');
}
