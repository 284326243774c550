/** VolumeAttributesClass: what its driver is told does not change (pkg/registry/storage/volumeattributesclass, pkg/apis/storage/validation). */

import type { Resource } from '../resource.ts';
import type { VolumeAttributesClass } from '../types.ts';
import { validateVolumeAttributesClass, validateVolumeAttributesClassUpdate } from './validation/storage.ts';

export const volumeAttributesClassRules: Partial<Resource<VolumeAttributesClass>> = {
  returnDeletedObject: true,
  validate: validateVolumeAttributesClass,
  validateUpdate: validateVolumeAttributesClassUpdate,
};
