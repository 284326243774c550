/** Defaults the workload kinds share: a template and a number of replicas (pkg/apis/apps/v1/defaults.go). */

import type { PodTemplateSpec } from '../types.ts';
import { defaultPodTemplate } from './pod-defaults.ts';
import { change } from './shared.ts';

/** An Int32 or a percentage. */
export type IntOrString = number | string;

export const withTemplate = <T extends { readonly template?: PodTemplateSpec }>(spec: T): T =>
  change(spec, 'template', (template) => defaultPodTemplate(template) as NonNullable<T['template']>);
