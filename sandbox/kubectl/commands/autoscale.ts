/** `kubectl autoscale` (kubectl pkg/cmd/autoscale/autoscale.go). */

import { withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS } from '../cli/flags.ts';
import { createObject } from '../client/helper.ts';
import { apiVersionOf, groupResource } from '../client/mapper.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';

const SCALABLE = ['deployments.apps', 'replicasets.apps', 'replicationcontrollers', 'statefulsets.apps'];

export const autoscale: Command = {
  name: 'autoscale',
  flags: `cpu='' cpu-percent=-1 dry-run='none' field-manager='kubectl-autoscale' max=-1 memory='' min=-1 name='' save-config=false record=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
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
        if (!SCALABLE.includes(groupResource(info.mapping)))
          throw new CommandError(
            `cannot autoscale a ${info.mapping.kind}${info.mapping.group ? `.${info.mapping.group}` : ''}`,
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
        if (dryRun !== 'client')
          made.object = yield* createObject(session, made, object, {
            dryRun,
            fieldManager: flags.string('field-manager'),
          });
        yield* session.out((yield* resultPrinter(session, 'autoscaled', dryRun))(made.object!, mapping));
      },
    );
    if (count === 0) throw new CommandError('no objects passed to autoscale');
  },
};

const cpuTarget = (cpu: string, percent: number): string => cpu || (percent >= 0 ? `${percent}%` : '');

/** `80%` is a utilization, `500m` an average value. */
function metric(name: string, target: string): object | undefined {
  if (!target) return undefined;
  const percent = /^(\d+)%$/.exec(target);
  const wanted = percent
    ? { averageUtilization: Number(percent[1]), type: 'Utilization' }
    : { averageValue: target, type: 'AverageValue' };
  return { resource: { name, target: wanted }, type: 'Resource' };
}
