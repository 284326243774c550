/** What is read of another server's objects without asking whether it is there: an answer that is otherwise is no API server's. */

import * as z from 'zod';
import type { ResourceName } from '../../api/types.ts';

const list = z.array(z.looseObject({})).optional();
const named = z.looseObject({ metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }) });

const container = z.looseObject({
  name: z.string(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).optional(),
});

const SHAPES: Partial<Record<ResourceName, z.ZodType>> = {
  pods: z.looseObject({
    spec: z.looseObject({ containers: z.array(container), volumes: list }).optional(),
    status: z.looseObject({ conditions: list, containerStatuses: list }).optional(),
  }),
  persistentvolumes: z.looseObject({
    spec: z.looseObject({ nfs: z.looseObject({ path: z.string() }).optional() }).optional(),
  }),
  persistentvolumeclaims: z.looseObject({ spec: z.looseObject({}).optional() }),
  nodes: z.looseObject({ status: z.looseObject({ addresses: list }).optional() }),
};

export const hasShape = (item: unknown, resource: ResourceName): boolean =>
  named.safeParse(item).success && (SHAPES[resource]?.safeParse(item).success ?? true);
