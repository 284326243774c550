/** Where a moment of the session stands on the strip. */

/** So much between two marks is shown at its length (milliseconds) … */
const FULL = 10_000;
/** … and what is longer by its logarithm: an hour takes the room of a minute and a bit, and two hours hardly more. */
const room = (gap: number): number => LEAST + (gap <= FULL ? gap : FULL * (1 + Math.log(gap / FULL)));
/** Marks of one instant still stand side by side. */
const LEAST = 400;
/** A gap so long is drawn as one in which nothing happened (milliseconds). */
const IDLE = 120_000;

/** A length of the strip, each end from 0 to 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

export class Scale {
  readonly #times: readonly number[];
  /** Where each of them stands. */
  readonly #places: readonly number[];

  /** `marks` rise, from `began` to `until`. */
  constructor(began: number, until: number, marks: readonly number[]) {
    const end = Math.max(until, began + 1);
    const inside = marks.filter((at) => at > began && at < end);
    this.#times = [began, ...new Set(inside), end];
    const rooms = this.#times.slice(1).map((at, index) => room(at - this.#times[index]!));
    const all = rooms.reduce((sum, one) => sum + one, 0);
    const places = [0];
    for (const one of rooms) places.push(places.at(-1)! + one / all);
    places[places.length - 1] = 1;
    this.#places = places;
  }

  place(time: number): number {
    return between(this.#times, this.#places, time);
  }

  time(place: number): number {
    return Math.round(between(this.#places, this.#times, place));
  }

  /** Where nothing happened for long. */
  get idle(): Stretch[] {
    return this.#times.slice(1).flatMap((at, index) => {
      const ms = at - this.#times[index]!;
      return ms >= IDLE ? [{ from: this.#places[index]!, to: this.#places[index + 1]!, ms }] : [];
    });
  }
}

/** The value beside `x` in `ys`, where `xs` rise; straight between two of them. */
function between(xs: readonly number[], ys: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (x <= xs[low]!) return ys[low]!;
  if (x >= xs[high]!) return ys[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const share = (x - xs[low]!) / (xs[high]! - xs[low]!);
  return ys[low]! + share * (ys[high]! - ys[low]!);
}
