/** The picture in sentences, for those who do not see it. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import type { Strings } from '../../i18n/index.ts';

export function inWords(picture: Picture, t: Strings['picture']['sentences']): string[] {
  /** A mount tells its pod by uid, as the kubelet's path does. */
  const podOf = (uid: string) => picture.pods.find((pod) => pod.uid === uid)?.name ?? uid;
  return [
    ...picture.workloads.map((w) => t.workload(w.kind, w.name, w.ready, w.replicas)),
    ...picture.pods.map((p) => t.pod(p.name, p.status, p.node, p.claims.join(', '))),
    ...picture.claims.map((c) => t.claim(c.name, c.status, c.volume)),
    ...picture.volumes.map((v) => t.volume(v.name, v.status, v.server, v.path)),
    ...picture.mounts.map((m) => t.mount(m.volume, m.node, podOf(m.pod))),
    ...picture.exports.map((e) => t.export(e.path, e.exported, e.files.join(', '))),
  ];
}
