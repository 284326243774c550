/** VolumeAttachment (pkg/registry/storage/volumeattachment, printVolumeAttachment). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { VolumeAttachment } from '../types.ts';
import { columns } from './columns.ts';
import { keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateAttachment, validateAttachmentUpdate } from './validation/storage.ts';

export const volumeAttachments: Resource<VolumeAttachment> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  name: 'volumeattachments',
  singular: 'volumeattachment',
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.VolumeAttachment',
  returnDeletedObject: true,
  subresources: { status: status('VolumeAttachment') },

  prepareForCreate: (attachment) => withStatus(attachment, { attached: false }),
  prepareForUpdate: keepStatus,
  validate: validateAttachment,
  validateUpdate: validateAttachmentUpdate,

  columns: columns.volumeattachments,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec.attacher,
    spec.source.persistentVolumeName ?? '',
    spec.nodeName,
    status?.attached ?? false,
    age(metadata.creationTimestamp, now),
  ],
};
