/** `kubectl autoscale` (kubectl pkg/cmd/autoscale/autoscale.go). */

import { isQuantity } from '../../api/quantity.ts';
import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { createObject } from '../client/helper.ts';
import { apiVersionOf } from '../client/mapper.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

export const autoscale: Command = {
  name: 'autoscale',
  flags: `cpu='' cpu-percent=-1~"Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU)." ${DRY_RUN_FLAG} field-manager='kubectl-autoscale' max=-1 memory='' min=-1 name='' save-config=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  required: ['max'],
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const [min, max] = [flags.int('min'), flags.int('max')];
    if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    const dryRun = yield* dryRunOf(session);
    const mapping = (yield* session.mapper()).find('horizontalpodautoscalers.v2.autoscaling');
    const count = yield* forEach(
      session,
      { ...selectionOf(session), latest: true, continueOnError: true },
      function* (info) {
        if (!info.mapping.subresources.includes('scale'))
          throw new CommandError(
            `cannot autoscale a ${info.mapping.kind}: could not find scale subresource for ${apiVersionOf(info.mapping).includes('/') ? apiVersionOf(info.mapping) : `/${apiVersionOf(info.mapping)}`}, Resource=${info.mapping.resource} in discovery information`,
          );
        const metrics = [
          metric('cpu', cpuTarget(flags.string('cpu'), flags.int('cpu-percent'))),
          metric('memory', flags.string('memory')),
        ].filter(Boolean);
        let object: KObject = {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: flags.string('name') || info.name },
          spec: {
            maxReplicas: max,
            ...(metrics.length > 0 ? { metrics } : {}),
            ...(min > 0 ? { minReplicas: min } : {}),
            scaleTargetRef: { apiVersion: apiVersionOf(info.mapping), kind: info.mapping.kind, name: info.name },
          },
          status: { currentMetrics: null, desiredReplicas: 0 },
        };
        if (flags.bool('save-config')) object = withLastApplied(object);
        const made: Info = {
          mapping,
          namespace: info.namespace,
          name: object.metadata!.name!,
          source: '',
          object,
          subresource: '',
        };
        if (dryRun !== 'client') made.object = yield* created(session, made, object, dryRun, metrics.length > 0);
        yield* session.out((yield* resultPrinter(session, 'autoscaled', dryRun, true))(made.object!, mapping));
      },
    );
    if (count === 0) throw new CommandError('no objects passed to autoscale');
  },
};

/** Refused as autoscaling/v2, it would be tried as v1, which cannot say a target of nothing. */
function* created(session: Session, info: Info, object: KObject, dryRun: DryRun, hasMetrics: boolean): Task<KObject> {
  try {
    return yield* createObject(session, info, object, { dryRun, fieldManager: session.flags.string('field-manager') });
  } catch (error) {
    if (hasMetrics || !(error instanceof ApiError)) throw error;
    throw new CommandError(
      'failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input',
    );
  }
}

const cpuTarget = (cpu: string, percent: number): string => cpu || (percent >= 0 ? `${percent}%` : '');

/** `80%` is a utilization, `500m` an average value. */
function metric(name: string, target: string): object | undefined {
  if (!target) return undefined;
  const percent = /^(\d+)%$/.exec(target);
  if (!percent && !isQuantity(target)) throw new CommandError(`invalid resource ${name} value: ${target}`);
  const wanted = percent
    ? { averageUtilization: Number(percent[1]), type: 'Utilization' }
    : { averageValue: target, type: 'AverageValue' };
  return { resource: { name, target: wanted }, type: 'Resource' };
}
