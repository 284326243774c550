/** The subresources several kinds share: `status`, and `scale` (pkg/registry/apps/deployment/storage). */

import { equal } from '../equality.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import type { FieldError, Strategy, Subresource, View } from '../resource.ts';
import { formatSelector, NONE } from './cells.ts';
import { aged, count, named, printed } from './columns.ts';
import { put } from './shared.ts';
import { invalid } from './validation/errors.ts';

const READ_WRITE = ['get', 'patch', 'update'] as const;

interface WithStatus extends KubeObject {
  readonly status?: unknown;
}

/** `/status`: of the kind itself only its status, and metadata but for the owners; `more` is what its own strategy adds. */
export const status = <T extends KubeObject>(
  kind: string,
  more: Pick<Strategy<T>, 'prepareForUpdate'> = {},
): Subresource<T> => ({
  kind,
  verbs: READ_WRITE,
  resetFields: ({ metadata, status: sent }: T & WithStatus, before: T & WithStatus) => ({
    ...before,
    status: equal(sent, before.status) ? before.status : sent,
    metadata: {
      ...metadata,
      ...(before.metadata.ownerReferences && { ownerReferences: before.metadata.ownerReferences }),
    },
  }),
  ...more,
});

export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: object };
  readonly status?: { readonly replicas?: number };
}

/** A Scale's printer (pkg/printers/internalversion/printers.go, printScale). */
export const scaleTable: Pick<View, 'columns' | 'row'> = printed<Scale>([
  named,
  count('Desired', '', ({ spec }) => spec.replicas ?? 0),
  count('Available', '', ({ status }) => status.replicas),
  aged,
]);

/** `/scale`, spoken as autoscaling/v1; a zero number of replicas is left out. */
export function scale<T extends Scalable>(selector: (object: T) => string = labelSelector): Subresource<T> {
  return {
    kind: 'Scale',
    group: 'autoscaling',
    version: 'v1',
    verbs: READ_WRITE,
    untimed: true,
    view: {
      schema: 'io.k8s.api.autoscaling.v1.Scale',
      ...scaleTable,
      read: (object): Scale => {
        const replicas = object.spec?.replicas;
        return {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: scaleMeta(object.metadata),
          spec: replicas ? { replicas } : {},
          status: { replicas: object.status?.replicas ?? 0, selector: selector(object) },
        };
      },
      write: (object, value) => put(object, 'spec', { ...object.spec, replicas: replicasOf(value) }),
      validate: (value): readonly FieldError[] => {
        const replicas = replicasOf(value);
        return replicas < 0 ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
      },
    },
  };
}

const replicasOf = (value: KubeObject): number => (value as Partial<Scale>).spec?.replicas ?? 0;

function labelSelector(object: Scalable): string {
  const text = formatSelector(object.spec?.selector);
  return text === NONE ? '' : text;
}

function scaleMeta({ name, namespace, uid, resourceVersion, creationTimestamp }: ObjectMeta): ObjectMeta {
  return { name, namespace, uid, resourceVersion, creationTimestamp };
}
