import { z } from 'zod';
import { nameOf, type Export, type ExportedResource } from '../../engine/deployment.ts';
import { exportedState } from '../../engine/exportedStack.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { printable } from '../../machine/printable.ts';
import { placeOfType, placeResources } from '../../places/places.ts';
import type { DeclaredPlace } from './places.ts';

/** What the stack's state says of a value in a place. */
export interface Held {
  readonly fingerprint: string | undefined;
  /** When Pulumi last changed the resource (ISO 8601). Of a Netlify key: in any of its contexts. */
  readonly at: string;
}

/** What the state says of a place; `undefined` where the stack does not have it. */
export type HeldIn = (place: DeclaredPlace) => Held | undefined;

const outputs = z.object({
  variables: z.record(z.string(), z.object({ fingerprints: z.record(z.string(), z.string()).optional() })).optional(),
  placed: z.record(z.string(), z.object({ fingerprint: z.string().optional() })).optional(),
});

/** Reads the stack's state, without its secrets. */
export async function readState(root: string, stack: string): Promise<HeldIn> {
  return heldIn(await exportedState(root, stack));
}

/** What an exported state says of each place. */
export function heldIn({ deployment: { resources = [] } }: Export): HeldIn {
  const root = resources.find(({ type }) => type === 'pulumi:pulumi:Stack');
  const { variables = {}, placed = {} } = outputs.safeParse(root?.outputs ?? {}).data ?? {};
  return (place) => {
    const resource = resources.find((each) => each.id !== undefined && isOf(each, place));
    const at = resource?.modified ?? resource?.created;
    if (resource === undefined || typeof at !== 'string') return undefined;
    const fingerprint =
      place.place === 'netlify'
        ? variables[place.name]?.fingerprints?.[place.in ?? '']
        : placed[nameOf(resource.urn)]?.fingerprint;
    return { fingerprint, at: new Date(at).toISOString() };
  };
}

function isOf({ type, inputs = {} }: ExportedResource, { place, name, in: where }: DeclaredPlace): boolean {
  if (type.endsWith(':EnvironmentVariable')) return place === 'netlify' && inputs.key === name;
  const found = placeOfType(type);
  if (found === undefined || found !== place) return false;
  const thing = placeResources[found].thingIn(inputs);
  return thing.name === name && thing.environment === where;
}

/** One update of the stack, as Pulumi's history has it. It knows the commit and the CI run, and not who ran it. */
export interface Update {
  /** ISO 8601. */
  readonly start: string;
  readonly commit: string | undefined;
  /** The address of the CI run. */
  readonly run: string | undefined;
}

const history = z.array(z.object({ startTime: z.string(), environment: z.record(z.string(), z.string()).optional() }));

/** The newest updates of the stack. */
export async function readUpdates(root: string, stack: string): Promise<Update[]> {
  const args = ['stack', 'history', '--json', '--page-size', '200', '--stack', stack];
  const text = await pulumi(args, { cwd: root });
  const given = (value: string | undefined) => (value ? printable(value) : undefined);
  return history.parse(JSON.parse(text)).map(({ startTime: start, environment = {} }) => ({
    start,
    commit: given(environment['git.head']?.slice(0, 12)),
    run: given(environment['ci.build.url']),
  }));
}

/** The update that made a resource what it is: the last that had begun by then. */
export function updateAt(updates: readonly Update[], at: string): Update | undefined {
  const begun = updates.filter(({ start }) => Date.parse(start) <= Date.parse(at));
  return begun.reduce<Update | undefined>(
    (last, each) => (last === undefined || Date.parse(each.start) > Date.parse(last.start) ? each : last),
    undefined,
  );
}
