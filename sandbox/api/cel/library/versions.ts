/** Semantic versions (apiserver pkg/cel/library/semverlib.go; github.com/blang/semver/v4). */

import type { Environment } from '@marcbachmann/cel-js';
import { CelError } from '../errors.ts';

class Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];

  constructor(numbers: readonly [bigint, bigint, bigint], pre: readonly string[]) {
    this.numbers = numbers;
    this.pre = pre;
  }
}

const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SHAPE = new RegExp(`^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`);

/** A leading v goes, what is missing is 0, leading zeros go (semverlib.go, normalizeVersion). */
function normalized(text: string): string {
  const [, core = '', rest = ''] = /^v?([^-+]*)(.*)$/.exec(text)!;
  const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function version(text: string, normalize = false): Version | undefined {
  const found = SHAPE.exec(normalize ? normalized(text) : text);
  if (!found) return undefined;
  const [, major = '', minor = '', patch = '', pre] = found;
  return new Version([BigInt(major), BigInt(minor), BigInt(patch)], pre?.split('.') ?? []);
}

function parsed(text: string, normalize = false): Version {
  const found = version(text, normalize);
  if (found) return found;
  if (text === '') throw new CelError('Version string empty');
  throw new CelError(
    text.split('.').length < 3
      ? 'No Major.Minor.Patch elements found'
      : `Invalid character(s) found in version ${JSON.stringify(text)}`,
  );
}

const sign = (a: bigint | number | string, b: bigint | number | string): number => (a < b ? -1 : a > b ? 1 : 0);

function compared(a: Version, b: Version): number {
  for (const i of [0, 1, 2] as const) {
    const order = sign(a.numbers[i], b.numbers[i]);
    if (order !== 0) return order;
  }
  // What is not released yet comes before what is.
  if (a.pre.length === 0 || b.pre.length === 0) return sign(b.pre.length, a.pre.length);
  for (const [i, word] of a.pre.entries()) {
    const other = b.pre[i];
    if (other === undefined) return 1;
    const order = identifiers(word, other);
    if (order !== 0) return order;
  }
  return sign(a.pre.length, b.pre.length);
}

function identifiers(a: string, b: string): number {
  const [numeric, other] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numeric && other) return sign(BigInt(a), BigInt(b));
  return numeric === other ? sign(a, b) : numeric ? -1 : 1;
}

export function versions(environment: Environment): void {
  environment
    .registerType('kubernetes.Semver', { ctor: Version, fields: {} })
    .registerFunction('semver(string): kubernetes.Semver', (text: string) => parsed(text))
    .registerFunction('semver(string, bool): kubernetes.Semver', parsed)
    .registerFunction('isSemver(string): bool', (text: string) => version(text) !== undefined)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, normalize: boolean) => version(text, normalize) !== undefined,
    )
    .registerFunction('kubernetes.Semver.major(): int', ({ numbers: [major] }: Version) => major)
    .registerFunction('kubernetes.Semver.minor(): int', ({ numbers: [, minor] }: Version) => minor)
    .registerFunction('kubernetes.Semver.patch(): int', ({ numbers: [, , patch] }: Version) => patch)
    .registerFunction('kubernetes.Semver.compareTo(kubernetes.Semver): int', (a: Version, b: Version) =>
      BigInt(compared(a, b)),
    )
    .registerFunction(
      'kubernetes.Semver.isLessThan(kubernetes.Semver): bool',
      (a: Version, b: Version) => compared(a, b) < 0,
    )
    .registerFunction(
      'kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool',
      (a: Version, b: Version) => compared(a, b) > 0,
    )
    .registerOperator('kubernetes.Semver == kubernetes.Semver', (a: Version, b: Version) => compared(a, b) === 0);
}
