/** PodTemplate (pkg/registry/core/podtemplate). */

import type { IPodTemplate } from 'kubernetes-models/v1';
import type { Resource } from '../resource.ts';
import type { Served } from '../types.ts';
import { formatLabels } from './cells.ts';
import { named, printed, templateColumns, text } from './columns.ts';
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

  ...printed<PodTemplate>([
    named,
    ...templateColumns<PodTemplate>(({ template }) => template),
    text('Pod Labels', 'The labels for the pod template.', ({ template }) => formatLabels(template?.metadata?.labels)),
  ]),
};
