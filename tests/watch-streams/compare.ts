/**
 * Whether two clusters told the same story of an object: the same states in the same order, each write by itself.
 *
 * But what counts other objects is a sample of them. A controller that is woken twice in a moment may write once: of two runs
 * of one cluster, one may show a state that the other passed over. So two such histories agree when both are samples of one:
 * every field takes the same values in the same order – of a number, the same turning points, for it may go from 0 to 2 by way
 * of 1 or not – and the states of both, each told by how far every field has come, can be put in one line, in which no field
 * ever goes back. A write in another order has no place in it.
 */

import type { Value } from './project.ts';
import type { State, Story, Told } from './story.ts';

type Cell = Value | undefined;

/** Their status counts other objects. */
const SAMPLES = /^(Deployment|ReplicaSet|StatefulSet|Endpoints)\//;

/** What differs, in words, by aspect: the object's states, or what a component told of it. */
export type Differences = ReadonlyMap<string, string>;

const STATES = 'states';
/** Where a pod ran, apart from how it fared there. */
const PLACE = 'place';
const NODE_NAME = 'spec.nodeName';

function differences(recorded: Story, ours: Story): Differences {
  const found = new Map<string, string>();
  for (const component of new Set([...Object.keys(recorded.told), ...Object.keys(ours.told)])) {
    const [theirs, mine] = [recorded, ours].map(({ told }) =>
      collapsed((told[component] ?? []).map(({ text }) => text)),
    );
    if (theirs!.join('\n') !== mine!.join('\n'))
      found.set(component, `told\n    ${theirs!.join('\n    ')}\n  but here\n    ${mine!.join('\n    ')}`);
  }
  const [there, here] = [recorded, ours].map(({ states }) =>
    collapsed(states.map(({ fields }) => fields[NODE_NAME])).filter((node) => node !== undefined),
  );
  if (!same(there!, here!)) found.set(PLACE, `${there!.join(' → ')}\n  but here  ${here!.join(' → ')}`);
  const history = SAMPLES.test(recorded.role) ? sampled : stepped;
  const problem = history(distinct(recorded.states), distinct(ours.states), recorded.born || ours.born);
  if (problem) found.set(STATES, problem);
  return found;
}

/** A repeat of what was just told is a count in the same event. */
const collapsed = <T>(values: readonly T[]): T[] => values.filter((value, i) => i === 0 || value !== values[i - 1]);

/** Told apart from all other fields. */
const EXISTS = 'exists';

/** A write that changes nothing that is compared is no state of its own. */
const distinct = (states: readonly State[]): State[] =>
  states.filter((state, i) => i === 0 || changes(states[i - 1]!, state).length > 0);

function changes(before: State, after: State): string[] {
  const paths = new Set([...Object.keys(before.fields), ...Object.keys(after.fields)]);
  const changed = [...paths].filter((path) => path !== NODE_NAME && before.fields[path] !== after.fields[path]);
  return before.exists === after.exists ? changed : [EXISTS, ...changed];
}

/** Write by write. */
function stepped(recorded: readonly State[], ours: readonly State[]): string | undefined {
  for (let i = 0; i < Math.max(recorded.length, ours.length); i++) {
    const [theirs, mine] = [recorded[i], ours[i]];
    if (!theirs) return `state ${i} is only here: ${shown(mine!, ours[i - 1])}`;
    if (!mine) return `state ${i} is missing: ${shown(theirs, recorded[i - 1])}`;
    const paths = changes(theirs, mine);
    if (paths.length > 0)
      return `state ${i}: ${paths.map((path) => `${path}=${cell(theirs, path)}`).join(' ')}\n  but here ${paths.map((path) => `${path}=${cell(mine, path)}`).join(' ')}`;
  }
  return undefined;
}

const shown = (state: State, before: State | undefined): string =>
  (before ? changes(before, state) : Object.keys(state.fields)).map((path) => `${path}=${cell(state, path)}`).join(' ');

function sampled(recorded: readonly State[], ours: readonly State[], born: boolean): string | undefined {
  const paths = new Set([EXISTS, ...[...recorded, ...ours].flatMap(({ fields }) => Object.keys(fields))]);
  const theirs: number[][] = recorded.map(() => []);
  const mine: number[][] = ours.map(() => []);
  const names: string[] = [];
  const times = [recorded.map(({ ms }) => ms), ours.map(({ ms }) => ms)] as const;
  for (const path of paths) {
    const columns = [recorded, ours].map((states) => states.map((state) => cell(state, path))) as [Cell[], Cell[]];
    if (collapsed(columns.flat()).length <= 1) continue;
    const line = common(columns[0], columns[1], born);
    if (!line && isCount(columns.flat()) && passedOver(columns, times, born)) continue;
    if (!line) return `${path}: ${collapsed(columns[0]).join(' → ')}\n  but here  ${collapsed(columns[1]).join(' → ')}`;
    names.push(path);
    for (const [rows, column] of [
      [theirs, columns[0]],
      [mine, columns[1]],
    ] as const)
      for (const [i, position] of positions(column, line).entries()) rows[i]!.push(position);
  }
  return crossed(theirs, mine, names, recorded, ours);
}

const cell = ({ exists, fields }: State, path: string): Cell => (path === EXISTS ? exists : fields[path]);

/** One sequence of which both are samples. */
function common(a: readonly Cell[], b: readonly Cell[], born: boolean): Cell[] | undefined {
  const [left, right] = [collapsed(a), collapsed(b)];
  if (!isCount([...left, ...right])) {
    if (same(left, right)) return left;
    // What it was before the watch, one may have seen at its first change, and the other no more.
    if (!born && right.length > 0 && same(left.slice(1), right)) return left;
    return !born && left.length > 0 && same(left, right.slice(1)) ? right : undefined;
  }
  const [turnsA, turnsB] = [turning(left), turning(right)];
  if (turnsA.length !== turnsB.length || turnsA.some((value, i) => value !== turnsB[i])) return undefined;
  // Between two turns, all values that either saw.
  const line: Cell[] = [];
  const [runsA, runsB] = [runs(left, turnsA), runs(right, turnsB)];
  for (const [i, run] of runsA.entries()) {
    const heights = [...new Set([...run, ...runsB[i]!].map(height))].sort((x, y) => x - y);
    const up = height(run[0]) <= height(run.at(-1));
    line.push(...(up ? heights : heights.reverse()).map((value) => (value === ABSENT ? undefined : value)));
  }
  return collapsed(line);
}

/** Lower than any count. */
const ABSENT = -1;
const height = (value: Cell): number => (value === undefined ? ABSENT : (value as number));

const same = (a: readonly Cell[], b: readonly Cell[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const isCount = (values: readonly Cell[]): boolean =>
  values.every((value) => typeof value === 'number' || value === undefined);

/** What a count passes over may be seen by one and not by the other: a set that lost a pod and made another at once. */
const BRIEF_MS = 100;

function passedOver(
  [a, b]: readonly [readonly Cell[], readonly Cell[]],
  [timesA, timesB]: readonly [readonly number[], readonly number[]],
  born: boolean,
): boolean {
  const [left, right] = [turning(lasting(a, timesA)), turning(lasting(b, timesB))];
  return same(left, right) || (!born && (same(left.slice(1), right) || same(left, right.slice(1))));
}

/** The first value, the last, and those between that stayed for a while. */
function lasting(values: readonly Cell[], times: readonly number[]): Cell[] {
  const starts = [...values.keys()].filter((i) => i === 0 || values[i] !== values[i - 1]);
  const stayed = starts.filter((start, i) => {
    const next = starts[i + 1];
    return i === 0 || next === undefined || times[next]! - times[start]! >= BRIEF_MS;
  });
  return collapsed(stayed.map((i) => values[i]));
}

/** First, last, and where it turns. */
function turning(values: readonly Cell[]): Cell[] {
  return values.filter((value, i) => {
    if (i === 0 || i === values.length - 1) return true;
    const [before, after] = [height(values[i - 1]), height(values[i + 1])];
    return height(value) > before === height(value) > after;
  });
}

/** From turn to turn, both included. */
function runs(values: readonly Cell[], turns: readonly Cell[]): Cell[][] {
  if (turns.length === 1) return [[...values]];
  const out: Cell[][] = [];
  let at = 0;
  for (const turn of turns.slice(1)) {
    const end = values.indexOf(turn, at + 1);
    out.push(values.slice(at, end + 1));
    at = end;
  }
  return out;
}

/** How far along the line each value stands. */
function positions(values: readonly Cell[], line: readonly Cell[]): number[] {
  let at = 0;
  return values.map((value) => {
    if (line[at] !== value) at = line.indexOf(value, at);
    return at;
  });
}

function crossed(
  theirs: readonly number[][],
  mine: readonly number[][],
  names: readonly string[],
  recorded: readonly State[],
  ours: readonly State[],
): string | undefined {
  for (const [i, left] of theirs.entries()) {
    for (const [j, right] of mine.entries()) {
      const ahead = names.filter((_, k) => left[k]! > right[k]!);
      const behind = names.filter((_, k) => left[k]! < right[k]!);
      if (ahead.length === 0 || behind.length === 0) continue;
      const show = (state: State) =>
        [...ahead, ...behind]
          .slice(0, 8)
          .map((path) => `${path}=${cell(state, path)}`)
          .join(' ');
      return `state ${i}: ${show(recorded[i]!)}\n  but here (${j})  ${show(ours[j]!)}`;
    }
  }
  return undefined;
}

/** What the story tells of some time. */
const between = (story: Story, from: number, to: number): Story => ({
  ...story,
  states: story.states.filter(({ ms }) => ms >= from && ms <= to),
  told: Object.fromEntries(
    Object.entries(story.told)
      .map(([component, all]): [string, Told[]] => [component, all.filter(({ ms }) => ms >= from && ms <= to)])
      .filter(([, all]) => all.length > 0),
  ),
});

/** Moments at which a story may be cut that was cut at about `time` elsewhere. */
function cuts(story: Story, time: number, slack: number): number[] {
  const moments = [...story.states, ...Object.values(story.told).flat()].map(({ ms }) => ms);
  return [time, ...new Set(moments.filter((ms) => Math.abs(ms - time) <= slack))];
}

export interface Slack {
  readonly start: number;
  readonly end: number;
}

/**
 * The recorder's watch went from 0 to `end`; ours may have begun and ended a moment before or after: what remains at the best
 * of these cuts. What is excused counts less.
 */
export function compare(
  recorded: Story,
  ours: Story,
  end: number,
  { start, end: late }: Slack,
  excused: ReadonlySet<string>,
): Differences {
  let best: Differences | undefined;
  const weight = (found: Differences) =>
    [...found.keys()].reduce((sum, aspect) => sum + (excused.has(aspect) ? 1 : 100), 0);
  for (const from of cuts(ours, 0, start)) {
    for (const to of cuts(ours, end, late)) {
      // A cut stands just before or after what happens at its moment.
      for (const [low, high] of [
        [from, to],
        [from + 1, to],
        [from, to - 1],
        [from + 1, to - 1],
      ] as const) {
        const found = differences(recorded, between(ours, low, high));
        if (found.size === 0) return found;
        if (!best || weight(found) < weight(best)) best = found;
      }
    }
  }
  return best!;
}
