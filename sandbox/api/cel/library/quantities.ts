/** Amounts of resources (apiserver pkg/cel/library/quantity.go). */

import type { Environment } from '@marcbachmann/cel-js';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  isQuantity,
  parseQuantity,
  type Quantity,
  QuantityError,
  subtractQuantities,
  toNumber,
} from '../../quantity.ts';
import { CelError } from '../errors.ts';

class Amount {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  toString(): string {
    return formatQuantity(this.quantity);
  }
}

const NANO = 1_000_000_000n;
const MAX_INT = 2n ** 63n - 1n;

function parsed(text: string): Amount {
  try {
    return new Amount(parseQuantity(text));
  } catch (error) {
    if (error instanceof QuantityError) throw new CelError(error.message);
    throw error;
  }
}

const whole = (value: bigint): Quantity => ({ nanos: value * NANO, format: 'DecimalExponent' });

function integer({ quantity: { nanos } }: Amount): bigint | undefined {
  const value = nanos / NANO;
  return nanos % NANO === 0n && value <= MAX_INT && value >= -MAX_INT - 1n ? value : undefined;
}

const compared = ({ quantity: a }: Amount, { quantity: b }: Amount): number => Math.sign(compareQuantities(a, b));

export function quantities(environment: Environment): void {
  const on = (signature: string, handler: (...args: never[]) => unknown) =>
    environment.registerFunction(`kubernetes.Quantity.${signature}`, handler as (...args: unknown[]) => unknown);
  environment
    .registerType('kubernetes.Quantity', { ctor: Amount, fields: {} })
    .registerFunction('quantity(string): kubernetes.Quantity', parsed)
    .registerFunction('isQuantity(string): bool', (text: string) => isQuantity(text))
    .registerOperator('kubernetes.Quantity == kubernetes.Quantity', (a: Amount, b: Amount) => compared(a, b) === 0);
  on('sign(): int', ({ quantity: { nanos } }: Amount) => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n));
  on('isInteger(): bool', (amount: Amount) => integer(amount) !== undefined);
  on('asInteger(): int', (amount: Amount) => {
    const value = integer(amount);
    if (value === undefined) throw new CelError('cannot convert value to integer');
    return value;
  });
  on('asApproximateFloat(): double', ({ quantity }: Amount) => toNumber(quantity));
  on('compareTo(kubernetes.Quantity): int', (a: Amount, b: Amount) => BigInt(compared(a, b)));
  on('isGreaterThan(kubernetes.Quantity): bool', (a: Amount, b: Amount) => compared(a, b) > 0);
  on('isLessThan(kubernetes.Quantity): bool', (a: Amount, b: Amount) => compared(a, b) < 0);
  on(
    'add(kubernetes.Quantity): kubernetes.Quantity',
    (a: Amount, b: Amount) => new Amount(addQuantities(a.quantity, b.quantity)),
  );
  on('add(int): kubernetes.Quantity', (a: Amount, b: bigint) => new Amount(addQuantities(a.quantity, whole(b))));
  on(
    'sub(kubernetes.Quantity): kubernetes.Quantity',
    (a: Amount, b: Amount) => new Amount(subtractQuantities(a.quantity, b.quantity)),
  );
  on('sub(int): kubernetes.Quantity', (a: Amount, b: bigint) => new Amount(subtractQuantities(a.quantity, whole(b))));
}
