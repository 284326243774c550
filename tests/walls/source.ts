/** The house's sources as TypeScript reads them: names, functions, sizes. Of Svelte and Astro files, the scripts in them. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import ts from 'typescript';

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const SCRIPT: Readonly<Record<string, RegExp>> = {
  svelte: /<script[^>]*>([\s\S]*?)<\/script>/g,
  astro: /^---\n([\s\S]*?)\n---|<script>([\s\S]*?)<\/script>/g,
  mdx: /^(import .*)$/gm,
};

/** What is written by hand, tracked or about to be. */
export function sources(...folders: string[]): Source[] {
  const root = new URL('../../', import.meta.url);
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: root,
  });
  return [...new Set(listed.toString().trim().split('\n'))]
    .filter((path) => /\.(ts|mjs|js|svelte|astro|mdx)$/.test(path) && !/\/(generated|testdata)\//.test(path))
    .flatMap((path) => {
      try {
        return [sourceOf(path, readFileSync(new URL(path, root), 'utf8'))];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    });
}

export function sourceOf(path: string, text: string): Source {
  const embedded = SCRIPT[path.split('.').pop()!];
  const script = embedded ? [...text.matchAll(embedded)].map((found) => found[1] ?? found[2]).join('\n') : text;
  return { path, text, tree: ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true) };
}

function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodes(child);
}

/** What it imports, as written, types too. */
export const importsOf = ({ tree }: Source): string[] =>
  ts.preProcessFile(tree.text, true, true).importedFiles.map((file) => file.fileName);

/** What the language itself has: the globals of a context in which nothing else is. */
const LANGUAGE: ReadonlySet<string> = new Set([
  ...(vm.runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
    (name) => name !== 'console' && name !== 'globalThis',
  ),
  'arguments',
]);

/** The names it uses as values that neither it nor the language declares. */
export function globalsOf({ tree }: Source): Set<string> {
  const declared = new Set<string>();
  const used = new Set<string>();
  for (const node of nodes(tree)) {
    const { name } = node as ts.NamedDeclaration;
    if (name && ts.isIdentifier(name) && declares(node)) declared.add(name.text);
    if (ts.isIdentifier(node) && isValue(node)) used.add(node.text);
  }
  return new Set([...used].filter((name) => !declared.has(name) && !LANGUAGE.has(name)));
}

/** Whether the node's name can be used as it stands: not a property's. */
const declares = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) ||
  ts.isParameter(node) ||
  ts.isBindingElement(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isClassLike(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isImportClause(node) ||
  ts.isImportSpecifier(node) ||
  ts.isNamespaceImport(node);

function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if ((parent as ts.NamedDeclaration).name === node || ts.isPartOfTypeNode(node)) return false;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isExpressionWithTypeArguments(parent)) return isExtended(parent);
  return !(
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isTypePredicateNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isTypeNode(parent)
  );
}

/** A class extends a value; `implements` and an interface's `extends` name types. */
const isExtended = ({ parent }: ts.ExpressionWithTypeArguments): boolean =>
  ts.isHeritageClause(parent) && parent.token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(parent.parent);

/** Where it asks the host for the time or for chance: `Date.now()`, `new Date()`, `Math.random()`, and a Date's fields in the host's time zone. */
export function clocksOf({ tree }: Source): string[] {
  const found: string[] = [];
  for (const node of nodes(tree)) {
    if (ts.isPropertyAccessExpression(node) && /^(Date\.now|Math\.random)$/.test(node.getText()))
      found.push(node.getText());
    if (ts.isPropertyAccessExpression(node) && LOCAL.test(node.name.text)) found.push(node.name.text);
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      found.push('new Date()');
  }
  return found;
}

const LOCAL = /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds)$|^getTimezoneOffset$|^toLocale\w*String$/;

export const linesOf = ({ text }: Source): number => text.split('\n').length - 1;

/** Each function with a body: its name and how many lines it has. */
export function functionsOf({ tree }: Source): { readonly name: string; readonly lines: number }[] {
  const line = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  return [...nodes(tree)]
    .filter((node) => ts.isFunctionLike(node) && (node as ts.FunctionLikeDeclaration).body !== undefined)
    .map((node) => ({ name: nameOf(node), lines: line(node.end) - line(node.getStart()) + 1 }));
}

function nameOf(node: ts.Node): string {
  const { name } = node as ts.NamedDeclaration;
  if (name) return name.getText();
  const { parent } = node;
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return ts.isCallExpression(parent) ? `in ${parent.expression.getText()}(…)` : 'unnamed';
}

/** The members that its classes and interfaces declare by name. */
export const membersOf = ({ tree }: Source): string[] =>
  [...nodes(tree)].flatMap((node) =>
    ts.isClassLike(node) || ts.isInterfaceDeclaration(node)
      ? node.members.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []))
      : [],
  );

/** The words of its code, without comments. */
export const wordsOf = ({ text }: Source): string[] =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').match(/[A-Za-z_$][\w$]*/g) ?? [];
