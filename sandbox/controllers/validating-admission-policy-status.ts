/** What a validating admission policy's expressions get wrong about the kinds they judge, told in its status (pkg/controller/validatingadmissionpolicystatus). */

import { expressionWarnings } from '../api/admission/policy/type-checking.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { WorkQueue } from './work-queue.ts';

export function startValidatingAdmissionPolicyStatus({ client, clock, random }: ControllerContext): void {
  const policies = client.informer('validatingadmissionpolicies');
  const reconcile = (key: string) => {
    const policy = policies.get(...splitKey(key));
    const generation = policy?.metadata.generation;
    if (!policy || generation === undefined || (policy.status?.observedGeneration ?? 0) >= generation) return;
    const warnings = expressionWarnings(policy, client.served());
    client.updateStatus('validatingadmissionpolicies', {
      ...policy,
      status: {
        ...policy.status,
        observedGeneration: generation,
        typeChecking: warnings.length > 0 ? { expressionWarnings: warnings } : {},
      },
    });
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [8, 14] });
  policies.handle({
    added: (policy) => queue.add(keyOf(policy)),
    updated: (_, policy) => queue.add(keyOf(policy)),
  });
}
