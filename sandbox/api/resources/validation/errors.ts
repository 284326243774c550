/** Field errors with the texts of k8s.io/apimachinery/pkg/util/validation/field/errors.go. */

import type { FieldError } from '../../resource.ts';

export type FieldErrors = readonly FieldError[];

/** What a strategy without complaints answers: one shared value, so that the common case allocates nothing. */
export const noErrors: FieldErrors = [];

const error = (type: FieldError['type'], field: string, head: string, detail?: string): FieldError => ({
  type,
  field,
  detail: detail ? `${head}: ${detail}` : head,
});

export const required = (field: string, detail?: string): FieldError =>
  error('FieldValueRequired', field, 'Required value', detail);

export const forbidden = (field: string, detail: string): FieldError =>
  error('FieldValueForbidden', field, 'Forbidden', detail);

export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  error('FieldValueInvalid', field, `Invalid value: ${goValue(value)}`, detail);

/** An invalid value that is not worth printing (field.OmitValueType). */
export const unsaid = (field: string, detail: string): FieldError =>
  error('FieldValueInvalid', field, 'Invalid value', detail);

export const duplicate = (field: string, value: unknown): FieldError =>
  error('FieldValueDuplicate', field, `Duplicate value: ${goValue(value)}`);

export const notFound = (field: string, value: unknown): FieldError =>
  error('FieldValueNotFound', field, `Not found: ${goValue(value)}`);

export const tooMany = (field: string, actual: number, max: number): FieldError =>
  error('FieldValueTooMany', field, `Too many: ${actual}`, `must have at most ${max} ${max === 1 ? 'item' : 'items'}`);

export const tooLong = (field: string, max: number): FieldError =>
  error('FieldValueTooLong', field, 'Too long', `may not be more than ${max} bytes`);

/** The supported values are told in the order given: pass them as upstream sorts them. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  error(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${goValue(value)}`,
    supported.length > 0 ? `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}` : undefined,
  );

/** A bad value as `Error.ErrorBody` prints it: strings quoted, maps with sorted keys, nil as null. */
function goValue(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(sorted(value));
}

/** Maps print their keys sorted; structs keep the order of their fields. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const isMap = entries.every(([, one]) => typeof one === 'string');
  if (isMap) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

/** Appends to a list that is only made when there is something to say. */
export class Problems {
  #errors: FieldError[] | undefined;

  add(error: FieldError | undefined): void {
    if (!error) return;
    this.#errors ??= [];
    this.#errors.push(error);
  }

  addAll(errors: FieldErrors): void {
    for (const error of errors) this.add(error);
  }

  get count(): number {
    return this.#errors?.length ?? 0;
  }

  get any(): boolean {
    return this.#errors !== undefined;
  }

  get list(): FieldErrors {
    return this.#errors ?? noErrors;
  }
}
