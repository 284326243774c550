/** Go's sort.Sort: what is equal comes out in the order its pattern-defeating quicksort leaves it in, always the same (src/sort/zsortinterface.go). */

export type Less<T> = (a: T, b: T) => boolean;

const MAX_INSERTION = 12;
const SHORTEST_NINTHER = 50;
const SHORTEST_SHIFTING = 50;
const MAX_STEPS = 5;
const MAX_SWAPS = 12;

type Hint = 'unknown' | 'increasing' | 'decreasing';

export function goSorted<T>(items: readonly T[], less: Less<T>): T[] {
  const sorter = new PatternDefeatingSort([...items], less);
  sorter.sort(0, items.length, bitLength(items.length));
  return sorter.data;
}

const bitLength = (n: number): number => (n === 0 ? 0 : 32 - Math.clz32(n));

class PatternDefeatingSort<T> {
  readonly data: T[];
  readonly #order: Less<T>;

  constructor(data: T[], less: Less<T>) {
    this.data = data;
    this.#order = less;
  }

  #less(i: number, j: number): boolean {
    return this.#order(this.data[i]!, this.data[j]!);
  }

  #swap(i: number, j: number): void {
    const { data } = this;
    [data[i], data[j]] = [data[j]!, data[i]!];
  }

  sort(from: number, to: number, badChoices: number): void {
    let [a, b, limit] = [from, to, badChoices];
    let [wasBalanced, wasPartitioned] = [true, true];
    for (;;) {
      const length = b - a;
      if (length <= MAX_INSERTION || limit === 0) {
        if (limit === 0 && length > MAX_INSERTION) this.#heapSort(a, b);
        else this.#insertionSort(a, b);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(a, b);
        limit--;
      }
      let { pivot, hint } = this.#choosePivot(a, b);
      if (hint === 'decreasing') {
        this.#reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.#partialInsertionSort(a, b)) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, already } = this.#partition(a, b, pivot);
      wasPartitioned = already;
      const [left, right] = [middle - a, b - middle];
      wasBalanced = Math.min(left, right) >= Math.floor(length / 8);
      if (left < right) {
        this.sort(a, middle, limit);
        a = middle + 1;
      } else {
        this.sort(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  #insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
  }

  #heapSort(a: number, b: number): void {
    const length = b - a;
    for (let i = Math.floor((length - 1) / 2); i >= 0; i--) this.#siftDown(i, length, a);
    for (let i = length - 1; i >= 0; i--) {
      this.#swap(a, a + i);
      this.#siftDown(0, i, a);
    }
  }

  #siftDown(from: number, to: number, first: number): void {
    for (let root = from, child = 2 * root + 1; child < to; child = 2 * root + 1) {
      if (child + 1 < to && this.#less(first + child, first + child + 1)) child++;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  #partition(a: number, b: number, pivot: number): { middle: number; already: boolean } {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    const close = () => {
      while (i <= j && this.#less(i, a)) i++;
      while (i <= j && !this.#less(j, a)) j--;
    };
    close();
    const already = i > j;
    while (i <= j) {
      this.#swap(i++, j--);
      close();
    }
    this.#swap(j, a);
    return { middle: j, already };
  }

  /** What equals the pivot, then what is greater. */
  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++;
      while (i <= j && this.#less(a, j)) j--;
      if (i > j) return i;
      this.#swap(i++, j--);
    }
  }

  #partialInsertionSort(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < MAX_STEPS; step++) {
      while (i < b && !this.#less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < SHORTEST_SHIFTING) return false;
      this.#swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.#less(j, j - 1); j++) this.#swap(j, j - 1);
    }
    return false;
  }

  /** Scatters three elements, by a xorshift seeded with the length. */
  #breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let random = BigInt(length);
    const modulus = 1 << bitLength(length);
    const middle = a + Math.floor(length / 4) * 2;
    for (let index = middle - 1; index <= middle + 1; index++) {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      let other = Number(random & BigInt(modulus - 1));
      if (other >= length) other -= length;
      this.#swap(index, a + other);
    }
  }

  #choosePivot(a: number, b: number): { pivot: number; hint: Hint } {
    const length = b - a;
    const quarter = Math.floor(length / 4);
    const swaps = { count: 0 };
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    if (length >= 8) {
      if (length >= SHORTEST_NINTHER)
        [i, j, k] = [i, j, k].map((at) => this.#median(at - 1, at, at + 1, swaps)) as [number, number, number];
      j = this.#median(i, j, k, swaps);
    }
    return { pivot: j, hint: swaps.count === 0 ? 'increasing' : swaps.count === MAX_SWAPS ? 'decreasing' : 'unknown' };
  }

  #median(a: number, b: number, c: number, swaps: { count: number }): number {
    const ordered = (x: number, y: number): [number, number] => {
      if (!this.#less(y, x)) return [x, y];
      swaps.count++;
      return [y, x];
    };
    let [low, middle, high] = [a, b, c];
    [low, middle] = ordered(low, middle);
    [middle, high] = ordered(middle, high);
    [low, middle] = ordered(low, middle);
    return middle;
  }

  #reverse(a: number, b: number): void {
    for (let [i, j] = [a, b - 1]; i < j; i++, j--) this.#swap(i, j);
  }
}
