/** The picture in sentences: all of it, for those who do not see it, and what has changed since the last command. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import type { PictureWords } from '../../../sandbox/words/picture/index.ts';
import { type Fact, factsOf } from './facts.ts';
import type { Aspect, Change } from './since.ts';

export function inWords(picture: Picture, t: PictureWords): string[] {
  const { sentences } = t;
  /** A mount tells its pod by uid, as the kubelet's path does. */
  const podOf = (uid: string) => picture.pods.find((pod) => pod.uid === uid)?.name ?? uid;
  const nothing = picture.workloads.length + picture.pods.length + picture.claims.length + picture.volumes.length === 0;
  return [
    ...picture.nodes.map((node) => nodeInWords(node, t)),
    ...picture.handMounts.map(({ node, from, path }) => sentences.handMount(node, from, path)),
    ...picture.workloads.map((w) => sentences.workload(w.kind, w.name, w.ready, w.replicas)),
    ...picture.pods.map((p) => sentences.pod(p.name, p.status, p.node, p.claims.join(', '))),
    ...picture.claims.map((c) => sentences.claim(c.name, c.status, c.volume)),
    ...picture.volumes.map((v) => sentences.volume(v.name, v.status, v.server, v.path)),
    ...(nothing ? [sentences.none] : []),
    ...picture.mounts.map((m) => sentences.mount(m.volume, m.node, podOf(m.pod))),
    sentences.server(
      picture.server.name,
      factsOf(picture, picture.server.name)
        .map((fact) => factWords(fact, t))
        .join(', '),
    ),
    ...picture.exports.map((e) => sentences.export(e.path, e.grants.join(' '), e.files.join(', '))),
  ];
}

function nodeInWords(node: Picture['nodes'][number], t: PictureWords): string {
  if (!node.up) return t.sentences.node(node.name, t.facts.off, '');
  const client = node.nfsClient ? t.facts.client : t.facts.noClient;
  const state = [node.ready ? 'Ready' : t.notReady, node.schedulable ? '' : t.cordoned].filter(Boolean).join(', ');
  const sentence = t.sentences.node(node.name, state, client);
  return node.controlPlane ? `${t.sentences.controlPlane(node.name, node.taints.join(', '))} ${sentence}` : sentence;
}

export function factWords({ says, path }: Fact, { facts }: PictureWords): string {
  const words = facts[says];
  return typeof words === 'string' ? words : words(path ?? '');
}

/** More of one kind that came or went at once are counted. */
const MOST_OF_A_KIND = 3;

export function changesInWords(changes: readonly Change[], t: PictureWords): string[] {
  const kindOf = ({ what, kind }: Change) => `${what} ${kind}`;
  const count = new Map<string, number>();
  for (const change of changes) count.set(kindOf(change), (count.get(kindOf(change)) ?? 0) + 1);
  const told = new Set<string>();
  return changes.flatMap((change) => {
    const [same, all] = [kindOf(change), count.get(kindOf(change))!];
    if (change.what === 'changed' || all <= MOST_OF_A_KIND) return [changeInWords(change, t)];
    if (told.has(same)) return [];
    told.add(same);
    return [t.since[change.what](t.since.several(all, t.since.kinds[change.kind] || change.kind))];
  });
}

export function changeInWords({ what, kind, name, aspects }: Change, { since }: PictureWords): string {
  const thing = [since.kinds[kind] ?? kind, name].filter(Boolean).join(' ');
  if (what !== 'changed') return since[what](thing);
  return since.changed(thing, aspects.flatMap((aspect) => aspectInWords(aspect, since)).join(since.between));
}

function aspectInWords(change: Aspect, since: PictureWords['since']): string[] {
  if ('came' in change) {
    const { aspect, came, went } = change;
    return [
      ...(came.length > 0 ? [since.came[aspect]!(came.join(' '))] : []),
      ...(went.length > 0 ? [since.went[aspect]!(went.join(' '))] : []),
    ];
  }
  const { aspect, from, to } = change;
  if (since.flags[to]) return [since.flags[to]];
  if (to === '') return [since.turned(from, since.unset)];
  if (aspect === 'node') return [since.onNode(to)];
  if (aspect === 'volume') return [since.toVolume(to)];
  return [from === '' ? to : since.turned(from, to)];
}
