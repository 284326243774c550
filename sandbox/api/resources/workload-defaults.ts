/** Defaults the workload kinds share: a template and a number of replicas (pkg/apis/apps/v1/defaults.go). */

import type { PodTemplateSpec } from '../types.ts';
import { defaultPodTemplate } from './pod-defaults.ts';
import { change } from './shared.ts';

export const withTemplate = <T extends { readonly template?: PodTemplateSpec }>(spec: T): T =>
  change(spec, 'template', (template) => defaultPodTemplate(template) as NonNullable<T['template']>);
