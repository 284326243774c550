/** The rules of RuntimeClasses (pkg/apis/node/validation, pkg/api/node/util.go). */

import type { IRuntimeClass } from 'kubernetes-models/node.k8s.io/v1';
import { validateLabels } from '../registry/metadata.ts';
import type { Resource } from '../resource.ts';
import type { Served } from '../types.ts';
import { deprecatedLabel } from './node-labels.ts';
import { type FieldErrors, invalid, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';
import { isDNS1123Label } from './validation/names.ts';

type RuntimeClass = Served<IRuntimeClass>;

export const runtimeClassRules: Pick<Resource<RuntimeClass>, 'validate' | 'validateUpdate' | 'warnings'> = {
  validate,
  validateUpdate: (runtimeClass, before) => {
    const problems = new Problems();
    immutable(problems, runtimeClass.handler, before.handler, 'handler');
    return problems.list;
  },
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
      const text = deprecatedLabel(key);
      return text ? [`scheduling.nodeSelector: ${text}`] : [];
    }),
};

function validate({ handler = '', scheduling }: RuntimeClass): FieldErrors {
  const problems = new Problems();
  for (const text of isDNS1123Label(handler)) problems.add(invalid('handler', handler, text));
  if (scheduling?.nodeSelector) problems.addAll(validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector'));
  return problems.list;
}
