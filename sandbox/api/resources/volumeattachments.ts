/** VolumeAttachment (pkg/registry/storage/volumeattachment, printVolumeAttachment). */

import type { Resource } from '../resource.ts';
import type { VolumeAttachment } from '../types.ts';
import { aged, column, named, nameOf, printed, text } from './columns.ts';
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

  ...printed<VolumeAttachment>([
    named,
    nameOf(
      'Attacher',
      'attacher indicates the name of the volume driver that MUST handle this request. This is the name returned by GetPluginName().',
      ({ spec }) => spec.attacher,
    ),
    text(
      'PV',
      'persistentVolumeName represents the name of the persistent volume to attach.',
      ({ spec }) => spec.source.persistentVolumeName ?? '',
    ),
    text('Node', 'nodeName represents the node that the volume should be attached to.', ({ spec }) => spec.nodeName),
    column(
      'Attached',
      'boolean',
      'attached indicates the volume is successfully attached. This field must only be set by the entity completing the attach operation, i.e. the external-attacher.',
      ({ status }) => status?.attached ?? false,
    ),
    aged,
  ]),
};
