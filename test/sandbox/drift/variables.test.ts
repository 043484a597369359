import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { standTogether } from '../../../sandbox/drift/injection.ts';
import { variableInjections } from '../../../sandbox/drift/variables.ts';
import { githubVariables } from '../../../sandbox/standIns/github/index.ts';
import { startWorld, type World } from '../standIns/github/world.ts';

const team = { SLACK_ALERTS_CHANNEL: '#one', SUPABASE_PROJECT_ID: 'two', LIGHTHOUSE_PREVIEW_URL: 'three' };
const names = Object.keys(variableInjections);
let world: World;

beforeEach(async () => {
  world = await startWorld({ variables: team });
});
afterEach(() => world.close());

it.each([
  ['github-variable-missing', { ...team, SUPABASE_PROJECT_ID: undefined }],
  ['github-variable-changed', { ...team, SLACK_ALERTS_CHANNEL: '#elsewhere' }],
  ['github-variable-undeclared', { ...team, LEFTOVER: 'of nobody' }],
  ['github-variable-shadowed', { ...team, 'staging/LIGHTHOUSE_PREVIEW_URL': 'another one' }],
])('%s does what it says, and nothing else', async (name, expected) => {
  await variableInjections[name]?.inject(world as never);
  const live = githubVariables(world.stateDir).map(
    (each) => [(each.environment === undefined ? '' : `${each.environment}/`) + each.name, each.value] as const,
  );
  expect({ ...Object.fromEntries(live) }).toEqual(JSON.parse(JSON.stringify(expected)));
});

it('lets each kind stand beside every other', () => {
  expect(names).toHaveLength(4);
  for (const one of names)
    for (const other of names) {
      const [a, b] = [variableInjections[one], variableInjections[other]];
      if (one !== other && a && b) expect(standTogether(a, b)).toBe(true);
    }
});
