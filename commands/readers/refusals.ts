import { parseSettings, SettingsError } from '../../settings/settings.ts';
import { sourceFor, type Refusal } from './proposal.ts';

/** Tries each entry on the configuration, so that none is proposed that the next preview refuses. */
export function refusals(configuration: Readonly<Record<string, unknown>>): Refusal {
  const values = recordOf(configuration.values);
  return (value, place, name) => {
    const known = values[value] === undefined ? sourceFor(value, [place]) : recordOf(values[value]);
    const entry = { ...known, [place]: name === value ? true : name };
    try {
      parseSettings({ ...configuration, values: { ...values, [value]: entry } });
      return undefined;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.problems.join('; ');
    }
  };
}

function recordOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
}
