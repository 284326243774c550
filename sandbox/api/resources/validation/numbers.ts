/** Numbers, quantities and percentages in bounds (pkg/apis/core/validation, apimachinery pkg/api/validation/generic.go). */

import { compareQuantities, milliUnits, wholeUnits } from '../../quantity.ts';
import { invalid, type Problems } from './errors.ts';
import { isDNS1123Subdomain, isPortName, isPortNumber, portRangeText } from './names.ts';

export type Quantity = string | number;

const NOT_NEGATIVE = 'must be greater than or equal to 0';
const MAX_INT32 = 2_147_483_647;

export function nonNegative(problems: Problems, value: number | undefined, path: string): void {
  if (value !== undefined && value < 0) problems.add(invalid(path, value, NOT_NEGATIVE));
}

/** Seconds that a pod may run: 1 to the largest int32. */
export function activeDeadline(problems: Problems, value: number | undefined, path: string): void {
  if (value !== undefined && (value < 1 || value > MAX_INT32))
    problems.add(invalid(path, value, `must be between 1 and ${MAX_INT32}, inclusive`));
}

/** ValidatePositiveQuantityValue. */
export function positiveQuantity(problems: Problems, value: Quantity, path: string): void {
  if (compareQuantities(value, 0) <= 0) problems.add(invalid(path, String(value), 'must be greater than zero'));
}

function nonNegativeQuantity(problems: Problems, value: Quantity, path: string): void {
  if (compareQuantities(value, 0) < 0) problems.add(invalid(path, String(value), NOT_NEGATIVE));
}

/** validateBasicResource: the number, not its spelling. */
export function basicResource(problems: Problems, value: Quantity, path: string): void {
  if (compareQuantities(value, 0) < 0)
    problems.add(invalid(path, wholeUnits(value), 'must be a valid resource quantity'));
}

/** Counted things come whole. */
const WHOLE = new Set(['pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps']);
const isWhole = (resource: string): boolean =>
  WHOLE.has(resource) ||
  resource === 'persistentvolumeclaims' ||
  resource.startsWith('services.') ||
  resource.startsWith('count/') ||
  (resource.includes('/') && !resource.includes('kubernetes.io/'));

/** ValidateResourceQuantityValue. */
export function resourceQuantity(problems: Problems, resource: string, value: Quantity, path: string): void {
  nonNegativeQuantity(problems, value, path);
  if (isWhole(resource) && milliUnits(value) % 1000 !== 0) problems.add(invalid(path, value, 'must be an integer'));
}

const PERCENT = /^[0-9]+%$/;
const PERCENT_TEXT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** ValidatePositiveIntOrPercent. */
export function intOrPercent(problems: Problems, value: number | string | undefined, path: string): void {
  if (typeof value === 'string') {
    if (!PERCENT.test(value)) problems.add(invalid(path, value, PERCENT_TEXT));
  } else nonNegative(problems, value, path);
}

/** IsNotMoreThan100Percent. */
export function atMostAll(problems: Problems, value: number | string | undefined, path: string): void {
  if (typeof value === 'string' && PERCENT.test(value) && Number.parseInt(value, 10) > 100)
    problems.add(invalid(path, value, 'must not be greater than 100%'));
}

export const isZero = (value: number | string | undefined): boolean =>
  value === undefined || Number.parseInt(String(value), 10) === 0;

export function portNumber(problems: Problems, port: number, path: string): void {
  if (!isPortNumber(port)) problems.add(invalid(path, port, portRangeText));
}

export function portNumberOrName(problems: Problems, port: number | string | undefined, path: string): void {
  if (typeof port === 'string') for (const text of isPortName(port)) problems.add(invalid(path, port, text));
  else portNumber(problems, port ?? 0, path);
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const IS_HTTP_PATH = new RegExp(`^${HTTP_PATH}$`);

/** IsDomainPrefixedPath: `acme.io/foo`. */
export function domainPrefixedPath(problems: Problems, value: string, path: string): void {
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, slash), value.slice(slash + 1)];
  if (slash < 1 || !rest) {
    problems.add(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    return;
  }
  for (const text of isDNS1123Subdomain(host)) problems.add(invalid(path, host, text));
  if (!IS_HTTP_PATH.test(rest))
    problems.add(invalid(path, rest, `Invalid path (regex used for validation is '${HTTP_PATH}')`));
}
