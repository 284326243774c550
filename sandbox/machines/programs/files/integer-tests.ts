/** The arithmetic comparisons of test(1) and `[[`: `-eq`, `-lt` …. */

export function compareIntegers<N extends number | bigint>(a: N, operator: string, b: N): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}
