import { z } from 'zod';
import { written } from '../settings/stack/inputForm.ts';

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name that Netlify, GitHub, Supabase and a shell all accept. */
export const variableName = z.string().regex(namePattern, 'must be letters, digits and _, not starting with a digit');

/** `pulumi config set` writes text: `true` and `"true"` are the same. */
export const flag = written(
  z.preprocess((given) => (given === 'true' || given === 'false' ? given === 'true' : given), z.boolean()),
  () => ({ enum: [true, false, 'true', 'false'] }),
);

const formError = 'must be true, another name, options, or a list of these; to leave the place out, remove the line';

/**
 * Where a value stands in one place: `true` (under its own name), another name, options, or a list of these. It is parsed to a
 * list of options.
 */
export function placements<Shape extends z.ZodRawShape>(shape: Shape) {
  const list = z.array(z.strictObject({ ...nameThere, ...shape }, formError), formError).min(1);
  return written(z.preprocess(asList, list), ({ items }) => {
    const forms = [
      { enum: [true, 'true'], description: 'Under the value’s own name.' },
      {
        type: 'string',
        pattern: namePattern.source,
        not: { pattern: switches.source },
        description: 'Under this name.',
      },
      items,
    ];
    return {
      anyOf: [
        ...forms,
        { type: 'array', minItems: 1, items: { anyOf: forms }, description: 'In this place more than once.' },
      ],
    };
  });
}

/** The name there, where it is another one. */
const nameThere = { as: variableName.optional().describe('The name in this place. Default: the value’s own name.') };

/** Words that are meant as a switch, and would be taken for a name. By `as` one can be a name all the same. */
const switches = /^(?:[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/;

/** A placement's short forms as a list of options; what has no such form stays as it is, for the schema to refuse. */
function asList(given: unknown): unknown {
  return Array.isArray(given) ? given.map(options) : [options(given)];
}

function options(given: unknown): unknown {
  if (given === true || given === 'true') return {};
  return typeof given === 'string' && !switches.test(given) ? { as: given } : given;
}
