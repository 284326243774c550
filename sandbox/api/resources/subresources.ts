/** The subresources several kinds share: `status`, and `scale` (pkg/registry/apps/deployment/storage). */

import type { KubeObject, ObjectMeta } from '../object.ts';
import type { FieldError, Subresource } from '../resource.ts';
import { formatSelector, NONE } from './cells.ts';
import { put } from './shared.ts';
import { invalid } from './validation/errors.ts';

const READ_WRITE = ['get', 'patch', 'update'] as const;

/** `/status`: the kind itself; the machinery takes only its status. */
export const status = <T extends KubeObject>(kind: string): Subresource<T> => ({ kind, verbs: READ_WRITE });

export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: object };
  readonly status?: { readonly replicas?: number };
}

/** `/scale`, spoken as autoscaling/v1; a zero number of replicas is left out. */
export function scale<T extends Scalable>(selector: (object: T) => string = labelSelector): Subresource<T> {
  return {
    kind: 'Scale',
    group: 'autoscaling',
    version: 'v1',
    verbs: READ_WRITE,
    get: (object): Scale => {
      const replicas = object.spec?.replicas;
      return {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: scaleMeta(object.metadata),
        spec: replicas ? { replicas } : {},
        status: { replicas: object.status?.replicas ?? 0, selector: selector(object) },
      };
    },
    put: (object, value) => put(object, 'spec', { ...object.spec, replicas: replicasOf(value) }),
    validate: (object): readonly FieldError[] => {
      const replicas = object.spec?.replicas ?? 0;
      return replicas < 0 ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
    },
  };
}

const replicasOf = (value: KubeObject): number => (value as Scale).spec?.replicas ?? 0;

function labelSelector(object: Scalable): string {
  const text = formatSelector(object.spec?.selector);
  return text === NONE ? '' : text;
}

function scaleMeta({ name, namespace, uid, resourceVersion, creationTimestamp }: ObjectMeta): ObjectMeta {
  return { name, namespace, uid, resourceVersion, creationTimestamp };
}
