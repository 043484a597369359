import { expect, it } from '@jest/globals';
import { placesAreChecked, type Given } from '../../../commands/rotate/given.ts';

const given = (checked: boolean, placesChecked: boolean): Given => ({
  ...{ dryRun: false, resume: false, back: false, yes: true, random: false, althoughUsed: false, json: false },
  ...{ checked, placesChecked, codeChecked: false, smoke: false, timeout: 1, stack: 'staging' },
});

it.each([
  ['--checked of whatever was found says nothing of places', true, false, undefined, false],
  ['--checked of a VALUE does', true, false, 'OPENAI_API_KEY', true],
  ['--places-checked does', false, true, undefined, true],
  ['neither does not', false, false, 'OPENAI_API_KEY', false],
])('of what leaked: %s', (_, checked, placesChecked, named, expected) => {
  expect(placesAreChecked(given(checked, placesChecked), named)).toBe(expected);
});
