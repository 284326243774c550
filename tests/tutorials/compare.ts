/** Compares what a page shows with what a terminal showed: line by line, without what differs between any two clusters. */

import { edits } from '../conformance/diff.ts';
import { normalised } from '../conformance/normalise.ts';

export interface Difference {
  /** Lines that only the page has. */
  readonly page: readonly string[];
  /** Lines that only the terminal had. */
  readonly ours: readonly string[];
}

/** Beside those of `normalise.ts`: pages were written on many clusters, over ten years, and by hand. */
const BEFORE: Rules = [
  [/\r|\^C/g, ''],
  // Escape sequences of a terminal.
  [/\u001b\][^\u0007]*\u0007|\u001b\[[?\d;]*[A-Za-z]/g, ''],
  [/\t/g, '  '],
  [/http:\/\/127\.0\.0\.1:\d+\/examples\//g, 'https://k8s.io/examples/'],
  // Template hashes were decimal once, and suffixes had vowels.
  [/-(?:\d{8,10}|[bcdf-hj-np-tv-xz24-9]{8,10})-[a-z0-9]{5}\b/g, '-<hash>-<suffix>'],
  [/-\d{8,10}\b/g, '-<hash>'],
];
const AFTER: Rules = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>'],
  [/"<time>"/g, '<time>'],
  [/(pod-template-hash[=:])\w+/g, '$1<hash>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '<ip>'],
  [/:3\d{4}\b/g, ':<port>'],
];

type Rules = readonly (readonly [pattern: RegExp, put: string])[];
const applied = (text: string, rules: Rules): string =>
  rules.reduce((before, [pattern, put]) => before.replace(pattern, put), text);

/** The lines that count: columns apart by one blank, no indentation, no empty lines. */
export function linesOf(text: string): string[] {
  return applied(normalised(applied(text, BEFORE)), AFTER)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

/** A page may leave lines out, and says so; or it shows `part` of an object only. */
const LEFT_OUT = /^(?:…|\.\.\.|<\.\.\.>)$/;

export function differences(page: string, ours: string, part = false): Difference[] {
  const expected = linesOf(page);
  const excerpt = part || expected.some((line) => LEFT_OUT.test(line));
  const found = diff(
    expected.filter((line) => !LEFT_OUT.test(line)),
    linesOf(ours),
  );
  return excerpt ? found.filter((one) => one.page.length > 0).map((one) => ({ page: one.page, ours: [] })) : found;
}

/** Of a watch, what each object went through: how often a state was told depends on the pace. */
export function watchDifferences(page: string, ours: string): Difference[] {
  return diff(statesOf(linesOf(page)), statesOf(linesOf(ours)));
}

function statesOf(lines: readonly string[]): string[] {
  const last = new Map<string, string>();
  return lines.filter((line) => {
    const object = line.split(' ')[0]!;
    if (last.get(object) === line) return false;
    last.set(object, line);
    return true;
  });
}

/** Runs of lines that are not in the longest common subsequence. */
function diff(a: readonly string[], b: readonly string[]): Difference[] {
  const found: Difference[] = [];
  let open: { page: string[]; ours: string[] } | undefined;
  for (const line of edits(a, b)) {
    if (line.startsWith(' ')) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = { page: [], ours: [] };
      found.push(open);
    }
    (line.startsWith('-') ? open.page : open.ours).push(line.slice(1));
  }
  return found;
}
