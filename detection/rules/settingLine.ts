import { isPasswordName } from '../harmlessValue.ts';
import { isSensitiveName } from '../names.ts';
import type { DetectionRule, Span } from '../finding.ts';
import { isPassphrase } from '../passphrase.ts';
import { moveToVault } from '../rule.ts';

/** A line that sets one thing: of an environment file, a shell, a Dockerfile, properties, INI, TOML, YAML. */
const settings =
  /^[ \t]{0,80}(?:export[ \t]{1,9}|set[ \t]{1,9}|ENV[ \t]{1,9}|ARG[ \t]{1,9}|- {1,3})?["']?([\p{L}_][\p{L}\p{N}_.-]{0,80})["']?[ \t]{0,80}(?:=[ \t]{0,80}(["']?)|:[ \t]{1,80}("?))([^\s"'`]{8,80})["']?[ \t]{0,80}[,;]?[ \t]{0,80}(?:#[^\r\n]{0,200})?\r?$/gmu;

function* settingsOf(text: string, judge: (name: string, value: string) => boolean): Generator<Span> {
  for (const match of text.matchAll(settings)) {
    const [line, name = '', , , value = ''] = match;
    if (!judge(name, value)) continue;
    const start = match.index + line.indexOf(value, line.indexOf(name) + name.length);
    yield { start, end: start + value.length };
  }
}

/** Words that a person chose for a password. Elsewhere than in a setting, words under such a name are a label or a field. */
export const passphrase: DetectionRule = {
  id: 'passphrase-under-sensitive-name',
  severity: 'error',
  summary: 'passphrase under the name of a password',
  fix: moveToVault,
  find: (text) =>
    settingsOf(text, (name, value) => isPasswordName(name) && isSensitiveName(name) && isPassphrase(value)),
};

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const holder = /(?:token|secret|key|passw(?:or)?d|credentials?)$/i;

/** A UUID may be an id or a token: in a setting under a sensitive name it is worth a look. */
export const uuidUnderName: DetectionRule = {
  id: 'uuid-under-sensitive-name',
  severity: 'warning',
  summary: 'UUID under a sensitive name (an id, or a token of a service that takes UUIDs)',
  fix: `If it opens something: ${moveToVault} If not, name it for what it is.`,
  find: (text) => settingsOf(text, (name, value) => uuid.test(value) && holder.test(name) && isSensitiveName(name)),
};
