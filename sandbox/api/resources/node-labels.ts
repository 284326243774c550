/** Labels of nodes that have new names (pkg/api/node/util.go). */

const DEPRECATED: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

export const deprecatedLabel = (key: string): string | undefined => DEPRECATED[key];

interface Term {
  readonly matchExpressions?: readonly { readonly key: string }[];
}

/** GetWarningsForNodeSelectorTerm. */
export function termWarnings(out: string[], { matchExpressions = [] }: Term, path: string): void {
  for (const [i, { key }] of matchExpressions.entries()) {
    const text = deprecatedLabel(key);
    if (text) out.push(`${path}.matchExpressions[${i}].key: ${key} is ${text}`);
  }
}
