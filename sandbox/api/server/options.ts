/** CreateOptions, UpdateOptions and PatchOptions of a request, as they may be (apimachinery pkg/apis/meta/v1/validation/validation.go). */

import { invalid } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { FieldError } from '../resource.ts';
import { parameter, parameters } from './request.ts';

const FIELD_MANAGER_LENGTH = 128;
const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];

export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  detail: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
});

/** Throws Invalid. */
export function checkOptions(request: ApiRequest, kind: 'CreateOptions' | 'UpdateOptions'): void {
  refuse(kind, commonErrors(request));
}

/** Throws Invalid. */
export function checkPatchOptions(request: ApiRequest, isApply: boolean): void {
  const errors: FieldError[] = [];
  if (isApply && !parameter(request, 'fieldManager')) {
    const detail = 'Required value: is required for apply patch';
    errors.push({ type: 'FieldValueRequired', field: 'fieldManager', detail });
  }
  if (!isApply && parameter(request, 'force')) {
    const detail = 'Forbidden: may not be specified for non-apply patch';
    errors.push({ type: 'FieldValueForbidden', field: 'force', detail });
  }
  refuse('PatchOptions', [...errors, ...commonErrors(request)]);
}

export function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', name: kind }, '', errors);
}

/** ValidateDryRun: nothing, or All. */
export const dryRunErrors = (values: readonly string[]): readonly FieldError[] =>
  values.every((value) => value === 'All') ? [] : [unsupported('dryRun', values, ['All'])];

function commonErrors(request: ApiRequest): readonly FieldError[] {
  const validation = parameter(request, 'fieldValidation') ?? '';
  return [
    ...managerErrors(parameter(request, 'fieldManager') ?? ''),
    ...dryRunErrors(parameters(request, 'dryRun')),
    ...(VALIDATIONS.includes(validation) ? [] : [unsupported('fieldValidation', validation, VALIDATIONS)]),
  ];
}

function* managerErrors(manager: string): Generator<FieldError> {
  if (new TextEncoder().encode(manager).length > FIELD_MANAGER_LENGTH) {
    const detail = `Too long: may not be more than ${FIELD_MANAGER_LENGTH} bytes`;
    yield { type: 'FieldValueTooLong', field: 'fieldManager', detail };
  }
  let at = 0;
  for (const character of manager) {
    if (/[\p{C}\p{Z}]/u.test(character) && character !== ' ') {
      const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
      const detail = `Invalid value: ${JSON.stringify(manager)}: invalid character ${code} (at position ${at})`;
      yield { type: 'FieldValueInvalid', field: 'fieldManager', detail };
    }
    at += new TextEncoder().encode(character).length;
  }
}
