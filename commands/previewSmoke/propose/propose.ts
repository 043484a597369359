import ts from 'typescript';
import { smokeConfig, type SmokeConfig } from '../config.ts';
import { attributesOf, nodesOf, readSource, readSources, shownTexts, type Source } from './sources.ts';

/** A proposal, and what in it is the default because the sources did not say it. */
export interface Proposal {
  readonly config: SmokeConfig;
  readonly found: readonly string[];
  readonly assumed: readonly string[];
}

/** Reads the application's sources, runs nothing of them, and proposes what the smoke test must know. */
export function proposal(root: string): Proposal {
  const sources = readSources(root, 'src');
  const functions = readSources(root, 'netlify');
  const settings = ['vite.config.ts', 'vite.config.js', 'vite.config.mts'].flatMap((file) => readSource(root, file));
  const config = smokeConfig.parse({});
  const found: string[] = [];
  const assumed: string[] = [];
  const take = <Value>(what: string, value: Value | undefined, use: (value: Value) => void) => {
    if (value === undefined) assumed.push(what);
    else {
      use(value);
      found.push(what);
    }
  };
  const form = signInForm(sources);
  take('signIn', form, (value) => Object.assign(config.signIn, value));
  const page = sources.find(({ path }) => /\/Dashboard\.[jt]sx?$/.test(path));
  const [heading] = page ? shownTexts(page, ['h1']) : [];
  take('dashboards.admin.heading', heading, (value) => {
    for (const role of ['admin', 'super_admin']) Object.assign(config.dashboards[role] ?? {}, { heading: value });
  });
  const banner = page && shownTexts(page, ['h2', 'p']).find((text) => text.includes('failed to load'));
  take('dashboards.admin.never', banner, (value) => {
    for (const role of ['admin', 'super_admin']) Object.assign(config.dashboards[role] ?? {}, { never: [value] });
  });
  take('bundle.values', bakesValues([...sources, ...settings]), (value) => (config.bundle.values = value));
  const told = functions.length === 0 ? undefined : namesProperty([...functions, ...sources], config.context.field);
  take('context.told', told, (value) => (config.context.told = value));
  assumed.push('row', 'role');
  return { config, found, assumed };
}

/** The page with one field for an address and one for a password: a sign-up has more. */
function signInForm(sources: readonly Source[]): SmokeConfig['signIn'] | undefined {
  for (const source of sources) {
    const elements = [...nodesOf(source.tree)].flatMap((node) => attributesOf(node) ?? []);
    const inputs = (type: string) =>
      elements.filter(({ tag, values }) => tag === 'input' && values.get('type') === type);
    const [[email], passwords] = [inputs('email'), inputs('password')];
    const name = source.path.split('/').at(-1)?.split('.')[0]?.toLowerCase() ?? '';
    if (!email || passwords.length !== 1 || !['login', 'signin', 'sign-in'].includes(name)) continue;
    const selector = (values: ReadonlyMap<string, string>, type: string) =>
      values.has('id') ? `#${values.get('id') ?? ''}` : `input[type=${type}]`;
    return {
      path: routeOf(sources, name) ?? `/${name}`,
      email: selector(email.values, 'email'),
      password: selector(passwords[0]?.values ?? new Map(), 'password'),
      submit: 'button[type=submit]',
    };
  }
  return undefined;
}

/** The path that the sources give to a page of this name. */
function routeOf(sources: readonly Source[], name: string): string | undefined {
  const paths = sources.flatMap(({ tree }) =>
    [...nodesOf(tree)].filter((node) => ts.isStringLiteral(node)).map(({ text }) => text),
  );
  return paths.find((text) => text.toLowerCase() === `/${name}`);
}

/** Whether a build puts the address in: a source reads it, and no setting of the build takes it away. */
function bakesValues(sources: readonly Source[]): boolean {
  const name = 'import.meta.env.VITE_SUPABASE_URL';
  const nodes = sources.flatMap(({ tree }) => [...nodesOf(tree)]);
  const isTakenAway = nodes.some((node) => ts.isStringLiteral(node) && node.text === name);
  return !isTakenAway && nodes.some((node) => ts.isPropertyAccessExpression(node) && node.getText() === name);
}

function namesProperty(sources: readonly Source[], name: string): boolean {
  return sources.some(({ tree }) =>
    [...nodesOf(tree)].some(
      (node) =>
        (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && node.name.getText() === name,
    ),
  );
}
