import { readTrail } from '../../audit/file.ts';
import type { CheckedLine } from '../../audit/chain.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { flag, stack } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { fingerprintKeyOf, stackTrailFile } from '../../cli/stackTrail.ts';
import { notRepeated, shownName } from '../../detection/typedWords.ts';
import { nearNames } from '../../rotation/near.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import type { Settings } from '../../settings/settings.ts';
import { keysOf } from './keys.ts';
import { placesOf, vaultFieldsOf, type DeclaredPlace } from './places.ts';
import { isUnproved, proofText } from './proof.ts';
import { ended, eventsOf, since, type Since } from './since.ts';
import { readState, readUpdates, type HeldIn, type Update } from './state.ts';
import { linesText, placesText } from './text.ts';

const about = `
Says for each place of VALUE since when it has the value that it has, by its fingerprint, and who wrote it: from which machine
or CI run, by which command, with which approval; and when each key that was VALUE was made and revoked, and by whom. Never the value. Without VALUE: the newest writes of every kind.

It reads the audit trail, and of what another machine wrote the stack's state and Pulumi's update history. It checks the
whole trail with the stack's key: a signed line that was changed or removed is named, and how many lines nobody signed: those prove
nothing of who wrote them (docs/history.md).
`;

const more = `
It needs access to the stack's state; without it the trail alone is read, and its signatures are not checked.
Exit codes: 0 fine, 1 error, 2 the trail was changed, or no line of it is signed with the stack's key.
`;

/** How many writes are listed. */
const newest = 50;

export const command = program(
  define('history', about)
    .argument('[VALUE]')
    .addOption(flag('--json', '{ places, keys, trail } or { writes, trail }'))
    .addOption(stack)
    .action(ends(history)),
  { more },
);

interface Given {
  readonly json: boolean;
  readonly stack: string;
}

async function history(value: string | undefined, { json, stack: of }: Given): Promise<number> {
  const root = projectRoot();
  const named = value === undefined ? undefined : placesNamed(fileSettings(root, of), value);
  const file = stackTrailFile(of);
  const key = await fingerprintKeyOf(of);
  const checked = readTrail(file, key);
  const { lines, problems, signed, unchecked, open } = checked;
  const counts = { lines: lines.length, signed, unchecked, notSignedAtTheEnd: open };
  const signer = checked.key === undefined ? {} : { key: checked.key };
  const trail = { file, ...counts, ...signer, signaturesChecked: key !== undefined, problems };
  if (value === undefined || named === undefined) {
    const writes = ended(lines).slice(-newest).reverse();
    print(json, { writes, trail }, linesText(writes));
  } else {
    const { settings, declared } = named;
    const fields = inVault(settings, value, lines);
    const { places, note } = await sinceEach(root, of, [...declared, ...fields], lines);
    const keys = keysOf(places, fields, lines);
    print(json, { value, places, keys, trail }, placesText(value, [...places, ...keys]));
    if (note !== undefined) process.stderr.write(`${note}\n`);
  }
  for (const { line, what } of problems) process.stderr.write(`${file}:${line}: the line ${what}.\n`);
  process.stderr.write(proofText(file, checked));
  return problems.length > 0 || isUnproved(checked) ? exitCode.findings : exitCode.fine;
}

/** The places of a value, or of what has this name in a place. Throws a {@link UsageError} where there is none. */
function placesNamed(settings: Settings, value: string) {
  const declared = placesOf(settings, value);
  if (declared.length === 0) throw new UsageError(unknown(value, settings));
  return { settings, declared };
}

function unknown(typed: string, settings: Settings): string {
  const named = [...settings.netlify.variables, ...settings.placements];
  const near = nearNames(
    typed,
    named.flatMap(({ value, name }) => [value, name]),
  );
  const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  const shown = shownName(typed);
  return shown === undefined
    ? `The configuration has no value of that name (${notRepeated}).${meant}`
    : `${shown} is no value of the configuration, and no place has that name.${meant}`;
}

/** The fields of the vault that a command of this project has written: what people write there has no line. */
function inVault(settings: Settings, value: string, lines: readonly CheckedLine[]): DeclaredPlace[] {
  return vaultFieldsOf(settings, value).filter((field) => eventsOf(lines, field).length > 0);
}

/** Since when each place has its value; `note` says what could not be read for it. */
async function sinceEach(
  root: string,
  stack: string,
  declared: readonly DeclaredPlace[],
  lines: readonly CheckedLine[],
): Promise<{ readonly places: Since[]; readonly note?: string }> {
  let held: HeldIn;
  try {
    held = await readState(root, stack);
  } catch (error) {
    const note = `The trail alone was read: ${error instanceof Error ? error.message : String(error)}`;
    return { places: declared.map((place) => since(place, lines, undefined, [])), note };
  }
  const places = declared.map((place) => since(place, lines, held(place), []));
  // A process of half a second, which the trail makes needless where it has everything.
  if (!places.some(({ source }) => source === 'state')) return { places };
  const updates = await readUpdates(root, stack).catch((): Update[] => []);
  return { places: declared.map((place) => since(place, lines, held(place), updates)) };
}

function print(json: boolean, data: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
}
