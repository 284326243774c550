/**
 * No option is taken silently: the code of each program asks for every option of its table. What rightly changes nothing is listed
 * with the reason; what is not done yet is listed too, and a line that is done may not stay.
 */

import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** Options without an effect on these machines, and why (their man pages). */
const NOTHING_TO_DO: Readonly<Record<string, string>> = {
  'cat u': '"(ignored)"',
  'checksum t': 'text mode: no difference on Linux',
  'column e': '"The option is unused"',
  'copy Z': 'a security context: no SELinux here',
  'du k': 'the default block size',
  'cut n': '"(ignored)"',
  'diff d': 'tries hard for fewer changes, which it has already',
  'grep U': 'binary: no difference on Linux',
  'hexdump a': 'xxd: a default, repeated',
  'ls Z': 'a security context: no SELinux here',
  'ls k': 'the default block size',
  'manage H': 'with -R, of a link on the command line; it is followed',
  'manage P': 'with -R, the default: no link is followed',
  'manage Z': 'a security context: no SELinux here',
  'manage dereference': 'the default',
  'sed u': 'every line goes out when it is done',
  'shuf source': 'the world draws its own chance',
  'sort S': 'how much memory, not what comes out',
  'sort T': 'where it sorts; here in memory',
  'sort parallel': 'how fast, not what comes out',
  'split u': 'with -n r/…: unbuffered, as here always',
  'time foreground': 'timeout: its command is in the foreground here anyway',
  'time u': 'the machines run on UTC',
  'watch b': 'a beep has no sound here',
};

/** Taken, and not done: to be mended. */
const NOT_DONE = new Set(
  `copy x; copy c; copy C; du S; du t; du A; du F; du g; du u; du I; du P;
  ls b; ls q; manage b; manage i; manage L; manage preserve; manage from; manage q; misc h; misc i; misc s; misc z; misc x;
  names L; names P; names v; tar owner; environment v; time v; cal 1; cal 3; cal j; cal m;
  watch d; watch p; head-tail s; head-tail unchanged; head-tail retry; head-tail pid; hexdump f; join 3; lines error;
  numbers h; numbers grouping; sed posix; sed debug; sort b; sort d; sort f; sort i; sort r`
    .split(';')
    .map((line) => line.trim()),
);

const folder = new URL('.', import.meta.url);

/** `FILE OPTION` for every option of a table in the file that nothing else in it names. */
function unasked(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(new URL(file, folder), 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const tables: ts.Node[] = [];
  const options = new Set<string>();
  const every = (node: ts.Node, visit: (node: ts.Node) => boolean): void => {
    if (visit(node)) ts.forEachChild(node, (child) => every(child, visit));
  };
  const long = (value: ts.Expression): void => {
    if (ts.isIdentifier(value)) {
      const constant = constants.get(value.text);
      if (constant) long(constant);
    } else if (ts.isAsExpression(value)) long(value.expression);
    else if (ts.isObjectLiteralExpression(value)) {
      tables.push(value);
      for (const property of value.properties) {
        if (ts.isSpreadAssignment(property)) long(property.expression);
        else if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer))
          options.add(property.initializer.text.replace(/:+$/, ''));
      }
    }
  };
  every(source, (node) => {
    if (ts.isVariableDeclaration(node) && node.initializer) constants.set(node.name.getText(), node.initializer);
    return true;
  });
  every(source, (node) => {
    if (!ts.isObjectLiteralExpression(node)) return true;
    const of = (name: string) =>
      node.properties.find((p): p is ts.PropertyAssignment => ts.isPropertyAssignment(p) && p.name.getText() === name)
        ?.initializer;
    const short = of('short');
    if (!short || !ts.isStringLiteralLike(short)) return true;
    tables.push(node);
    for (const letter of short.text.replace(/[:+]/g, '')) options.add(letter);
    const names = of('long');
    if (names) long(names);
    return true;
  });
  const asked = new Set<string>();
  every(source, (node) => {
    if (tables.includes(node)) return false;
    if (ts.isStringLiteralLike(node)) {
      asked.add(node.text);
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'includes')
        for (const letter of node.text) asked.add(letter);
    }
    if (ts.isPropertyAssignment(node)) asked.add(node.name.getText().replace(/'/g, ''));
    if (ts.isRegularExpressionLiteral(node))
      for (const [, letters] of node.text.matchAll(/\[([a-zA-Z]+)\]/g))
        for (const letter of letters!) asked.add(letter);
    return true;
  });
  const name = file.replace(/^.*\//, '').replace(/\.ts$/, '');
  return [...options].filter((option) => !asked.has(option)).map((option) => `${name} ${option}`);
}

test('every option is asked for, does rightly nothing, or is known not to be done', () => {
  const files = readdirSync(folder, { recursive: true }) as string[];
  const silent = files.filter((file) => /(?<!\.test)\.ts$/.test(file)).flatMap(unasked);
  const known = [...Object.keys(NOTHING_TO_DO), ...NOT_DONE];
  expect(silent.filter((line) => !known.includes(line))).toEqual([]);
  expect([...NOT_DONE].filter((line) => !silent.includes(line))).toEqual([]);
});
