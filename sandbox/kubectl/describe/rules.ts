/** Policy rules as tables show them: taken apart, put together again, sorted (kubectl pkg/util/rbac/rbac.go, component-helpers BreakdownRule). */

import { byText } from '../text.ts';
import { goList } from './values.ts';

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** The cells of the rows: resource, URLs, names, verbs. */
export const ruleCells = (rules: readonly Rule[]): string[][] =>
  compact(rules.flatMap(brokenDown))
    .sort((a, b) => byText(asText(a), asText(b)))
    .map(({ verbs, apiGroups: [group = ''] = [], resources: [resource = ''] = [], resourceNames, nonResourceURLs }) => [
      group ? `${resource}.${group}` : resource,
      goList(nonResourceURLs),
      goList(resourceNames),
      goList(verbs),
    ]);

/** One rule for each verb of each resource and name, or of each URL. */
function brokenDown({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: Rule): Rule[] {
  const names = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((named) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...named })),
      ),
    ),
  );
  const ofUrls = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...ofResources, ...ofUrls];
}

/** Rules of one resource become one with the verbs of all; those of URLs stay as many as they are. */
function compact(rules: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const { verbs, ...about } of rules) {
    if (about.nonResourceURLs) continue;
    const key = JSON.stringify(about);
    found.set(key, { ...about, verbs: [...new Set([...(found.get(key)?.verbs ?? []), ...verbs])] });
  }
  return [...rules.filter(({ nonResourceURLs }) => nonResourceURLs), ...found.values()];
}

/** PolicyRule.String(), by which they are sorted. */
const asText = (rule: Rule): string =>
  [rule.verbs, rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs].map(goList).join(',');
