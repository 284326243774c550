/** Roles and their bindings (kubectl pkg/describe/describe.go RoleDescriber and its sisters). */

import type { KubeObject } from '../../api/object.ts';
import type { Task } from '../../sim/task.ts';
import { byText } from '../text.ts';
import { annotations, labels } from './metadata.ts';
import { goList } from './values.ts';
import type { Writer } from './writer.ts';

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function head(w: Writer, { metadata }: KubeObject): void {
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
}

export function* role(w: Writer, object: KubeObject & { readonly rules?: readonly Rule[] | null }): Task<void> {
  head(w, object);
  w.line(0, 'PolicyRule:');
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  w.line(1, '---------\t-----------------\t--------------\t-----');
  for (const rule of compact((object.rules ?? []).flatMap(single)).sort((a, b) => byText(sortKey(a), sortKey(b)))) {
    const [resource = ''] = rule.resources ?? [];
    const [group = ''] = rule.apiGroups ?? [];
    w.line(
      1,
      `${group ? `${resource}.${group}` : resource}\t${goList(rule.nonResourceURLs)}\t${goList(rule.resourceNames)}\t${goList(rule.verbs)}`,
    );
  }
}

/** One rule for each group and resource, or each URL. */
function single({ verbs, apiGroups = [], resources = [], resourceNames, nonResourceURLs = [] }: Rule): Rule[] {
  const names = resourceNames && resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [undefined];
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      names.map((name) => ({
        verbs,
        apiGroups: [group],
        resources: [resource],
        ...(name ? { resourceNames: name } : {}),
      })),
    ),
  );
  return [...ofResources, ...nonResourceURLs.map((url) => ({ verbs, nonResourceURLs: [url] }))];
}

/** Rules about the same thing become one with the verbs of all. */
function compact(rules: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const { verbs, ...about } of rules) {
    const key = JSON.stringify(about);
    found.set(key, { ...about, verbs: [...new Set([...(found.get(key)?.verbs ?? []), ...verbs])] });
  }
  return [...found.values()];
}

/** PolicyRule.String(), by which they are sorted. */
const sortKey = (rule: Rule): string =>
  [rule.verbs, rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs].map(goList).join(',');

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

export function* roleBinding(w: Writer, object: Binding): Task<void> {
  head(w, object);
  w.line(0, 'Role:');
  w.line(1, `Kind:\t${object.roleRef.kind}`);
  w.line(1, `Name:\t${object.roleRef.name}`);
  w.line(0, 'Subjects:');
  w.line(1, 'Kind\tName\tNamespace');
  w.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of object.subjects ?? []) w.line(1, `${kind}\t${name}\t${namespace}`);
}
