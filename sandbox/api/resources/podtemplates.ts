/** PodTemplate (pkg/registry/core/podtemplate). */

import type { IPodTemplate } from 'kubernetes-models/v1';
import type { Resource } from '../resource.ts';
import type { Served } from '../types.ts';
import { formatLabels, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { ofTemplate } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

type PodTemplate = Served<IPodTemplate>;

export const podTemplates: Resource<PodTemplate> = {
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  name: 'podtemplates',
  singular: 'podtemplate',
  namespaced: true,
  schema: 'io.k8s.api.core.v1.PodTemplate',
  returnDeletedObject: true,
  generation: true,

  defaults: withTemplate,
  warnings: ({ metadata, template }, before) =>
    before && metadata.generation === before.metadata.generation ? [] : ofTemplate(template, 'template'),

  columns: columns.podtemplates,
  row: ({ metadata, template }) => [
    metadata.name,
    ...templateCells(template),
    formatLabels(template?.metadata?.labels),
  ],
};
