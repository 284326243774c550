/** Node selectors: terms are alternatives, a term's expressions all hold (component-helpers scheduling/corev1/nodeaffinity). Pure. */

import type { Node, PodSpec } from '../../api/types.ts';
import { matcher } from '../label-selector.ts';

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface NodeSelector {
  readonly nodeSelectorTerms: readonly {
    readonly matchExpressions?: readonly Expression[];
    readonly matchFields?: readonly Expression[];
  }[];
}

export const matchesNodeSelector = ({ nodeSelectorTerms }: NodeSelector, node: Node): boolean =>
  nodeSelectorTerms.some((term) => matchesTerm(term, node));

type Term = NodeSelector['nodeSelectorTerms'][number];

/** An empty term matches nothing. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: Term, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matcher({ matchExpressions })(node.metadata.labels) &&
    matcher({ matchExpressions: matchFields })({ 'metadata.name': node.metadata.name })
  );
}

/** GetRequiredNodeAffinity: the plain nodeSelector and the required affinity. */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesNodeSelector(required, node);
}
