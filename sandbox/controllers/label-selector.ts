/** Label selectors of objects as predicates; an absent one matches nothing, an empty one everything (metav1.LabelSelectorAsSelector). */

import type { LabelSelectorObject } from '../api/selectors.ts';
import { matchesLabels, selectorOf } from '../api/selectors.ts';

export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

const NOTHING: LabelMatcher = () => false;
const matchers = new WeakMap<LabelSelectorObject, LabelMatcher>();

export function matcher(selector: LabelSelectorObject | undefined): LabelMatcher {
  if (!selector) return NOTHING;
  let match = matchers.get(selector);
  if (!match) {
    const requirements = selectorOf(selector);
    match = (labels) => matchesLabels(requirements, labels);
    matchers.set(selector, match);
  }
  return match;
}

export const isEmptySelector = (selector: LabelSelectorObject | undefined): boolean =>
  !selector || selectorOf(selector).length === 0;
