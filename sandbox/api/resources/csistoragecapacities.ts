/** CSIStorageCapacity: what it is the capacity of does not change (pkg/registry/storage/csistoragecapacity, pkg/apis/storage/validation). */

import type { Resource } from '../resource.ts';
import type { CSIStorageCapacity } from '../types.ts';
import { validateCSIStorageCapacity, validateCSIStorageCapacityUpdate } from './validation/storage.ts';

export const csiStorageCapacityRules: Partial<Resource<CSIStorageCapacity>> = {
  validate: validateCSIStorageCapacity,
  validateUpdate: validateCSIStorageCapacityUpdate,
};
