/** The ephemeral volume controller: the claims of generic ephemeral volumes, owned by their pods (pkg/controller/volume/ephemeral). */

import type { Pod } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { controllerReference, isControlledBy } from './ownership.ts';
import { CLAIM_INDEX, claimsOfPod } from './persistentvolume-binder/binder.ts';
import { isTerminating } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

const POD = { apiVersion: 'v1', kind: 'Pod' } as const;

const isEphemeral = (pod: Pod): boolean => pod.spec?.volumes?.some(({ ephemeral }) => ephemeral) ?? false;

export function startEphemeralVolumeController({ client, clock, random, recorder }: ControllerContext): void {
  const pods = client.informer('pods');
  const podsOfClaim = pods.index(CLAIM_INDEX, claimsOfPod);

  const reconcile = (key: string) => {
    const pod = pods.get(...splitKey(key));
    if (!pod || isTerminating(pod)) return;
    const { namespace = '', name: podName } = pod.metadata;
    for (const { name, ephemeral } of pod.spec?.volumes ?? []) {
      const template = ephemeral?.volumeClaimTemplate;
      if (!template) continue;
      const claimName = `${podName}-${name}`;
      const existing = client.get('persistentvolumeclaims', namespace, claimName);
      if (existing) {
        if (isControlledBy(existing, pod)) continue;
        const why = `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${podName} (pod is not owner)`;
        recorder.event(pod, 'Warning', 'EphemeralVolumeProvisioningFailed', why);
        continue;
      }
      const { labels, annotations } = template.metadata ?? {};
      client.create('persistentvolumeclaims', namespace, {
        metadata: {
          name: claimName,
          ...(labels && { labels }),
          ...(annotations && { annotations }),
          ownerReferences: [controllerReference(pod, POD)],
        },
        spec: template.spec,
      });
    }
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [10, 30] });
  pods.handle({ added: (pod) => isEphemeral(pod) && queue.add(keyOf(pod)) });
  client.informer('persistentvolumeclaims').handle({
    deleted: (claim) => {
      for (const pod of podsOfClaim(keyOf(claim))) if (isEphemeral(pod)) queue.add(keyOf(pod));
    },
  });
}
