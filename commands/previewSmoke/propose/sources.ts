import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A source file of the application, parsed. */
export interface Source {
  /** Relative to the application's root, with `/`. */
  readonly path: string;
  readonly tree: ts.SourceFile;
}

const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'generated', '__tests__', 'tests', 'test']);

/** Every source below a folder of the application; none where the folder is not there. Nothing of it is run. */
export function readSources(root: string, folder: string): Source[] {
  const there = join(root, folder);
  if (!existsSync(there)) return [];
  return readdirSync(there, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : readSources(root, path);
    if (!/\.[jt]sx?$/.test(entry.name) || /\.(?:test|spec|d)\./.test(entry.name)) return [];
    return readSource(root, path);
  });
}

/** One source; none where the file is not there. */
export function readSource(root: string, path: string): Source[] {
  const file = join(root, path);
  if (!existsSync(file)) return [];
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return [{ path, tree: ts.createSourceFile(path, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, kind) }];
}

/** Every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  yield node;
  for (const child of children) yield* nodesOf(child);
}

/** The element's attributes with plain texts: of JSX, or of the object of an own `element('input', { … })`. */
export function attributesOf(
  node: ts.Node,
): { readonly tag: string; readonly values: ReadonlyMap<string, string> } | undefined {
  if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) {
    const values = node.attributes.properties.flatMap((one): [string, string][] => {
      if (!ts.isJsxAttribute(one) || !one.initializer) return [];
      const text = textOf(one.initializer);
      return text === undefined ? [] : [[one.name.getText(), text]];
    });
    return { tag: node.tagName.getText(), values: new Map(values) };
  }
  if (!ts.isCallExpression(node)) return undefined;
  const [tag, properties] = node.arguments;
  if (!tag || !ts.isStringLiteral(tag) || !properties || !ts.isObjectLiteralExpression(properties)) return undefined;
  const values = properties.properties.flatMap((one): [string, string][] =>
    ts.isPropertyAssignment(one) && ts.isStringLiteral(one.initializer)
      ? [[one.name.getText(), one.initializer.text]]
      : [],
  );
  return { tag: tag.text, values: new Map(values) };
}

/** A plain text, or the first one of a choice: `type={shown ? 'text' : 'password'}` counts as each. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node)) return node.text;
  const texts = [...nodesOf(node)].filter((one) => ts.isStringLiteral(one)).map(({ text }) => text);
  return texts.find((text) => text === 'password') ?? texts[0];
}

/** The texts that an element of one of these tags shows, as far as they stand in the source. */
export function shownTexts({ tree }: Source, tags: readonly string[]): string[] {
  const texts: string[] = [];
  for (const node of nodesOf(tree)) {
    if (ts.isJsxElement(node) && tags.includes(node.openingElement.tagName.getText())) {
      const [text] = node.children.filter((child) => ts.isJsxText(child)).map((child) => child.text.trim());
      if (text) texts.push(text);
    }
    if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      const [tag, , child] = node.arguments;
      if (tags.includes(tag.text) && child && ts.isStringLiteral(child)) texts.push(child.text);
    }
  }
  return texts;
}
