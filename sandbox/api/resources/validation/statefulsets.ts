/** Validation of StatefulSets (ValidateStatefulSetSpec, ValidateStatefulSetUpdate). */

import { equal } from '../../equality.ts';
import type { StatefulSet, Volume } from '../../types.ts';
import { type FieldErrors, forbidden, invalid, noErrors, notSupported, Problems, required } from './errors.ts';
import { goShape } from './go-shape.ts';
import { atMostAll, intOrPercent, nonNegative } from './numbers.ts';
import { controllerSelector } from './selectors.ts';
import { selectedTemplate } from './workloads.ts';

type Spec = NonNullable<StatefulSet['spec']>;
type UpdateStrategy = NonNullable<Spec['updateStrategy']>;

const RETENTION = ['Delete', 'Retain'];

export function validateStatefulSet({ spec }: StatefulSet): FieldErrors {
  const problems = new Problems();
  const policy = spec?.podManagementPolicy;
  if (!policy) problems.add(required('spec.podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    problems.add(invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
  updateStrategy(problems, spec?.updateStrategy ?? {}, 'spec.updateStrategy');
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const retention = spec?.persistentVolumeClaimRetentionPolicy?.[when];
    if (retention && !RETENTION.includes(retention))
      problems.add(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, retention, RETENTION));
  }
  nonNegative(problems, spec?.replicas, 'spec.replicas');
  nonNegative(problems, spec?.minReadySeconds, 'spec.minReadySeconds');
  nonNegative(problems, spec?.ordinals?.start, 'spec.ordinals.start');
  controllerSelector(problems, spec?.selector, 'statefulset');
  selectedTemplate(problems, spec?.selector, spec?.template, { kind: 'StatefulSet', extra: claimVolumes(spec) });
  return problems.list;
}

/** Every pod gets a volume of each claim template's name. */
const claimVolumes = (spec: Spec | undefined): readonly Volume[] =>
  (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => {
    const name = metadata?.name ?? '';
    return { name, persistentVolumeClaim: { claimName: name } };
  });

function updateStrategy(problems: Problems, strategy: UpdateStrategy, path: string): void {
  const { type, rollingUpdate } = strategy;
  switch (type) {
    case undefined:
      problems.add(required(path));
      break;
    case 'OnDelete':
      if (rollingUpdate)
        problems.add(
          invalid(
            `${path}.rollingUpdate`,
            goShape('RollingUpdateStatefulSet', rollingUpdate),
            "only allowed for updateStrategy 'RollingUpdate'",
          ),
        );
      break;
    case 'RollingUpdate':
      nonNegative(problems, rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
      intOrPercent(problems, rollingUpdate?.maxUnavailable, `${path}.rollingUpdate.maxUnavailable`);
      atMostAll(problems, rollingUpdate?.maxUnavailable, `${path}.rollingUpdate.maxUnavailable`);
      break;
    default:
      problems.add(
        invalid(path, goShape('StatefulSetUpdateStrategy', strategy), "must be 'RollingUpdate' or 'OnDelete'"),
      );
  }
}

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

export function validateStatefulSetUpdate(set: StatefulSet, before: StatefulSet): FieldErrors {
  if (set.spec === before.spec) return noErrors;
  const problems = new Problems();
  problems.addAll(validateStatefulSet(set));
  if (!equal(fixed(set.spec), fixed(before.spec))) {
    const names = MUTABLE.map((name) => `'${name}'`);
    const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    problems.add(forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`));
  }
  return problems.list;
}

const fixed = (spec: Spec | undefined): object =>
  Object.fromEntries(Object.entries(spec ?? {}).filter(([key]) => !(MUTABLE as readonly string[]).includes(key)));
