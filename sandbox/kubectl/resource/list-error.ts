/** How a list that failed is told of (cli-runtime pkg/resource/selector.go). */

import { ApiError } from '../cli/errors.ts';
import { gvrText, type Mapping } from '../client/mapper.ts';
import { quote } from '../text.ts';

interface Selection {
  readonly selector?: string;
  readonly fieldSelector?: string;
}

export function listError(error: unknown, mapping: Mapping, { selector = '', fieldSelector = '' }: Selection): Error {
  if (!(error instanceof Error)) throw error;
  if (!(error instanceof ApiError) || !['BadRequest', 'NotFound'].includes(error.reason)) return error;
  if (!selector && !fieldSelector) return error.prefixed(`Unable to list ${quote(gvrText(mapping))}: `);
  return error.prefixed(
    `Unable to find ${quote(gvrText(mapping))} that match label selector ${quote(selector)}, field selector ${quote(fieldSelector)}: `,
  );
}
