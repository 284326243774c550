/** Why a volume is not attached a second time (reportMultiAttachError): nobody learns the names of pods in other namespaces. */

import type { Pod } from '../../api/types.ts';

export function multiAttachReason({ metadata }: Pod, users: readonly Pod[]): string {
  if (users.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another";
  const local = users
    .filter((user) => user.metadata.namespace === metadata.namespace)
    .map((user) => user.metadata.name);
  const others = users.length - local.length;
  if (local.length === 0) return `Volume is already used by ${others} pod(s) in different namespaces`;
  const more = others > 0 ? ` and ${others} pod(s) in different namespaces` : '';
  return `Volume is already used by pod(s) ${local.join(', ')}${more}`;
}
