/** Finalizers that have no domain are warned of (apiextensions-apiserver pkg/registry/customresource/validator.go, validateKubeFinalizerName). */

import type { KubeObject } from '../object.ts';
import { qualifiedNameProblems } from '../registry/metadata.ts';

const STANDARD = ['orphan', 'foregroundDeletion', 'kubernetes'];
const FIELD = 'metadata.finalizers';

export function finalizerWarnings(object: KubeObject, before: KubeObject | undefined): readonly string[] {
  const known = before?.metadata.finalizers ?? [];
  const added = [...new Set(object.metadata.finalizers ?? [])].filter((name) => !known.includes(name)).sort();
  return added.flatMap((name) => {
    const problems = qualifiedNameProblems(name).map((problem) => `${FIELD}: ${JSON.stringify(name)}: ${problem}`);
    if (name.includes('/') || STANDARD.includes(name)) return problems;
    const path = name.includes('.') ? ' including a path (/)' : '';
    return [
      ...problems,
      `${FIELD}: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
    ];
  });
}
