/** What a list or a watch may ask for together (apimachinery pkg/apis/meta/internalversion/validation/validation.go, apiserver pkg/storage/util.go). */

import { failure, invalid } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import { StatusError } from '../object.ts';
import type { FieldError } from '../resource.ts';
import { notANumber } from '../resource-version.ts';
import { flag, parameter, wholeNumber } from './request.ts';

const MATCH = 'resourceVersionMatch';

const forbidden = (field: string, why: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  detail: `Forbidden: ${why}`,
});

const unsupported = (field: string, value: string, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  detail: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
});

/** ValidateListOptions. Throws Invalid. */
export function checkListOptions(request: ApiRequest): void {
  for (const name of ['limit', 'timeoutSeconds']) wholeNumber(request, name);
  const errors = flag(request, 'watch') ? watchErrors(request) : listErrors(request);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', name: 'ListOptions' }, '', errors);
}

function listErrors(request: ApiRequest): FieldError[] {
  const errors: FieldError[] = [];
  const match = parameter(request, MATCH);
  const version = parameter(request, 'resourceVersion');
  if (match) {
    if (!version) errors.push(forbidden(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
    if (parameter(request, 'continue'))
      errors.push(forbidden(MATCH, `${MATCH} is forbidden when continue is provided`));
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(unsupported(MATCH, match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && version === '0') {
      errors.push(forbidden(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (parameter(request, 'sendInitialEvents')) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  return errors;
}

function watchErrors(request: ApiRequest): FieldError[] {
  const errors: FieldError[] = [];
  const match = parameter(request, MATCH);
  const initial = parameter(request, 'sendInitialEvents');
  if (initial && match !== 'NotOlderThan') {
    errors.push(forbidden(MATCH, `sendInitialEvents requires setting ${MATCH} to NotOlderThan`));
  }
  if (match) {
    if (!initial) errors.push(forbidden(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`));
    if (match !== 'NotOlderThan') errors.push(unsupported(MATCH, match, ['NotOlderThan']));
    if (parameter(request, 'continue'))
      errors.push(forbidden(MATCH, `${MATCH} is forbidden when continue is provided`));
  }
  return errors;
}

/** APIObjectVersioner.ParseResourceVersion. Its error is no API error, so that a list answers 500; a watch makes it Invalid. */
export function parseResourceVersion(text: string | undefined): number {
  if (!text) return 0;
  if (/^[0-9]+$/.test(text) && Number(text) < 2 ** 64) return Number(text);
  throw failure(500, '', `resourceVersion: ${notANumber(text)}`);
}

export function parseWatchVersion(text: string | undefined, resource: { group: string; name: string }): number {
  try {
    return parseResourceVersion(text);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw invalid(resource, '', [{ type: 'FieldValueInvalid', field: 'resourceVersion', detail: notANumber(text!) }]);
  }
}
