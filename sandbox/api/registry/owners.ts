/** Owner references given twice are one, with a warning (apiserver pkg/endpoints/handlers/rest.go, dedupOwnerReferencesAndAddWarning). */

import { equal } from '../equality.ts';
import type { KubeObject } from '../object.ts';

export function withoutDuplicateOwners(object: KubeObject, warn: ((text: string) => void) | undefined): KubeObject {
  const owners = object.metadata.ownerReferences;
  if (!owners || owners.length < 2) return object;
  const kept = owners.filter((owner, at) => owners.findIndex((other) => equal(other, owner)) === at);
  if (kept.length === owners.length) return object;
  const duplicates = owners.filter((owner) => !kept.includes(owner)).map(({ uid }) => uid);
  warn?.(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${duplicates.join(', ')}`,
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } };
}
