/** What the cluster is busy with that a learner would wait for, in the field's words; '' when nothing. */

import { podStatusText } from '../lesson/pods.ts';
import type { World } from './world.ts';

const WAITING = new Set([
  'ContainerCreating',
  'Pending',
  'Terminating',
  'ImagePullBackOff',
  'CrashLoopBackOff',
  'PodInitializing',
]);

export function activity({ observation }: World): string {
  return observation
    .list('pods')
    .map((pod) => ({ name: pod.metadata.name, status: podStatusText(pod) }))
    .filter(({ status }) => WAITING.has(status))
    .slice(0, 3)
    .map(({ name, status }) => `${name}: ${status}`)
    .join(', ');
}
