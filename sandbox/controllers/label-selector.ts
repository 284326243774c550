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
    match = remembering(selector);
    matchers.set(selector, match);
  }
  return match;
}

/** Pods of one template share their labels: the last answer is often the next. */
function remembering(selector: LabelSelectorObject): LabelMatcher {
  const requirements = selectorOf(selector);
  let last: Parameters<LabelMatcher>[0];
  let answer = matchesLabels(requirements, undefined);
  return (labels) => {
    if (labels !== last) {
      last = labels;
      answer = matchesLabels(requirements, labels);
    }
    return answer;
  };
}

export const isEmptySelector = (selector: LabelSelectorObject | undefined): boolean =>
  !selector || selectorOf(selector).length === 0;
