/** How describers word single values: times, lists, quantities, selectors. */

import { age } from '../../api/age.ts';
import { canonicalQuantity } from '../../api/quantity.ts';
import { formatLabelSelector, type LabelSelectorObject, selectorOf } from '../../api/selectors.ts';
import { byText } from '../text.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Go's time.RFC1123Z, in UTC; the zero time where there is none. */
export function rfc1123(time: string | null | undefined): string {
  if (!time) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${clock} +0000`;
}

export const since = (time: string | null | undefined, now: number): string => age(time, now);

export const orNone = (text: string | undefined): string => text || '<none>';

/** Booleans of describe: a pointer that is nil is unset. */
export const bool = (value: boolean | undefined): string =>
  value === undefined ? '<unset>' : value ? 'True' : 'False';

/** Go prints a []string as `[a b]`. */
export const goList = (items: readonly unknown[] | undefined): string => `[${(items ?? []).join(' ')}]`;

export const quantity = (value: string | number | undefined): string =>
  value === undefined ? '0' : canonicalQuantity(value);

/** labels.FormatLabels: `a=1,b=2`. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => byText(a, b));
  return entries.length > 0 ? entries.map(([key, value]) => `${key}=${value}`).join(',') : '<none>';
}

/** metav1.FormatLabelSelector. */
export function formatSelector(selector: unknown): string {
  return formatLabelSelector(selectorOf((selector ?? {}) as LabelSelectorObject)) || '<none>';
}

export const sortedEntries = <T>(map: Readonly<Record<string, T>> | undefined): [string, T][] =>
  Object.entries(map ?? {}).sort(([a], [b]) => byText(a, b));

const MODES: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** storageutil.GetAccessModesAsString: in this order, each once. */
export const accessModes = (modes: readonly string[] | undefined): string =>
  MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');

/** The class, or the annotation that was one before there was a field. */
export const storageClassOf = (object: {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly storageClassName?: string };
}): string =>
  object.metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? object.spec?.storageClassName ?? '';
