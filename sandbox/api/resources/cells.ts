/** How several kinds' Table cells are written (pkg/printers/internalversion/printers.go and its helpers). */

import type { Container, PodSpec, PodTemplateSpec } from '../types.ts';

export const NONE = '<none>';

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
}

/** labels.FormatLabels: sorted, `<none>` when there are none. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length > 0 ? pairs.map(([key, value]) => `${key}=${value}`).join(',') : NONE;
}

/** metav1.FormatLabelSelector: requirements sorted by key, nothing selected is `<none>` too. */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return NONE;
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  for (const { key = '', operator, values = [] } of selector.matchExpressions ?? []) {
    const set = `(${[...values].sort().join(',')})`;
    const texts: Readonly<Record<string, string>> = {
      In: `${key} in ${set}`,
      NotIn: `${key} notin ${set}`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    requirements.push({ key, text: texts[operator ?? ''] ?? '' });
  }
  if (requirements.length === 0) return NONE;
  return requirements
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',');
}

/** The two wide cells of every workload (layoutContainerCells). */
function containerCells(spec: PodSpec | undefined): [string, string] {
  const containers: readonly Container[] = spec?.containers ?? [];
  return [containers.map((one) => one.name).join(','), containers.map((one) => one.image ?? '').join(',')];
}

export const templateCells = (template: PodTemplateSpec | undefined): [string, string] =>
  containerCells(template?.spec);

const ACCESS_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,RWX`, in a fixed order (pkg/apis/core/v1/helper GetAccessModesAsString). */
export function accessModes(modes: readonly string[] | undefined): string {
  return ACCESS_MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

/** At most three, then how many more. */
export function firstThree(texts: readonly string[], empty: string): string {
  if (texts.length === 0) return empty;
  const more = texts.length > 3 ? ` + ${texts.length - 3} more...` : '';
  return texts.slice(0, 3).join(',') + more;
}

export const quantityText = (value: string | number | undefined): string => (value === undefined ? '' : String(value));
