import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The one file of the application's repository in which the smoke test finds what differs from one application to another. */
export const configFile = 'staging.smoke.json';

const texts = z.array(z.string().min(1));

/** What a signed-in person of one role must see, and must not. */
const proof = z
  .strictObject({
    heading: z
      .union([z.string().min(1), texts.min(1)])
      .describe('The beginning of a heading that proves the page; of several, one is enough.'),
    texts: texts.default([]).describe('Texts that stand there too. Never data: an empty day is a success.'),
    never: texts.default([]).describe('Texts that must not appear, e.g. of the banner that data failed to load.'),
  })
  .describe('What proves the page that a signed-in person of this role lands on.');

const failed = ['failed to load'];
const staff = {
  heading: 'Dashboard',
  texts: ['Active Clients', 'Pending Documentation', 'Billing Alerts'],
  never: failed,
};

/** What differs from one application to another. Every part has a default; the whole file may be missing. */
export const smokeConfig = z
  .strictObject({
    $schema: z.string().optional(),
    signIn: z
      .strictObject({
        path: z.string().startsWith('/').default('/login').describe('Where the form is.'),
        email: z.string().min(1).default('#email').describe('CSS selector of the field.'),
        password: z.string().min(1).default('#password').describe('CSS selector of the field.'),
        submit: z.string().min(1).default('button[type=submit]').describe('CSS selector of the button.'),
      })
      .prefault({}),
    role: z.string().min(1).default('admin').describe("The smoke test user's role: one of `dashboards`."),
    dashboards: z
      .record(z.string().min(1), proof)
      .default({
        admin: staff,
        super_admin: staff,
        therapist: { heading: ['Dashboard', 'Schedule'], texts: [], never: failed },
        client: { heading: ['Welcome back', 'Documentation'], texts: [], never: failed },
      })
      .describe('By role: what proves the page after signing in.'),
    bundle: z
      .strictObject({
        values: z
          .boolean()
          .default(false)
          .describe('Whether the Supabase address and key are baked into the published scripts.'),
      })
      .prefault({}),
    context: z
      .strictObject({
        told: z.boolean().default(false).describe('Whether /api/runtime-config says the context that it runs in.'),
        field: z.string().min(1).default('runtimeEnv').describe('The field that says it.'),
      })
      .prefault({}),
    row: z
      .strictObject({
        table: z
          .string()
          .min(1)
          .default('conversations')
          .describe('A table in which a signed-in person may keep own rows.'),
        key: z.string().min(1).default('id').describe('The column that the database fills and that names the row.'),
        owner: z.string().min(1).default('user_id').describe("The column that holds the owner's user id."),
        text: z.string().min(1).default('title').describe('A text column: it gets the name of the run.'),
        values: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .default({})
          .describe('Further columns that a new row needs.'),
      })
      .prefault({})
      .describe('The row that is written, read back and removed.'),
  })
  .describe("What staging's smoke test must know of this application.");

export type SmokeConfig = z.infer<typeof smokeConfig>;

/** A file that is not as it should be. The message names the file and each setting. */
export class ConfigProblem extends Error {}

/** Reads the file; without one, the defaults. Throws {@link ConfigProblem}. */
export function readSmokeConfig(file: string): SmokeConfig {
  return existsSync(file) ? parseSmokeConfig(readFileSync(file, 'utf8'), file) : smokeConfig.parse({});
}

/** Checks the file's text against the schema, and that its role is described. */
function parseSmokeConfig(text: string, file: string): SmokeConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigProblem(`${file} is not JSON. Propose it anew: npm run preview:smoke -- --init PATH`);
  }
  const parsed = smokeConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the whole'}: ${message}`);
  throw new ConfigProblem(
    `${file} is not as it should be:\n${lines.join('\n')}\nWhat may stand there: docs/pipeline.md`,
  );
}

/** The proof of a role. Throws {@link ConfigProblem} naming the roles there are. */
export function proofOf(config: SmokeConfig, role: string): Proof {
  const found = config.dashboards[role];
  if (found) return found;
  throw new ConfigProblem(
    `No dashboard is described for the role ${role}. There are: ${Object.keys(config.dashboards).join(', ')}. ` +
      `Name one of them (--role, or role in ${configFile}), or describe it there.`,
  );
}

export type Proof = z.infer<typeof proof>;
