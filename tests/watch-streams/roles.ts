/** What generated names stand for: `web~1-*` is a pod of the first ReplicaSet of `web`. */

import type { KubeObject } from '../../sandbox/api/object.ts';
import { LETTER, UID } from '../conformance/names.ts';
import type { Fields, Value } from './project.ts';

const HASHED = new RegExp(`-${LETTER}{6,10}$`);
/** Of a Deployment; one that the stream does not show. */
const POD = new RegExp(`\\b([a-z][a-z0-9-]*?)-(${LETTER}{8,10})-${LETTER}{5}\\b`, 'g');
/** A StatefulSet's pod is known by its name. */
const ORDINAL = /-\d+$/;

type Loose = KubeObject & { readonly spec?: Record<string, unknown>; readonly status?: Record<string, unknown> };

export class Roles {
  readonly #names = new Map<string, string>();
  readonly #pattern: RegExp;

  /** From all objects of a stream in order. */
  constructor(stream: readonly KubeObject[]) {
    const objects = stream as readonly Loose[];
    this.#replicaSets(objects.filter(({ kind }) => kind === 'ReplicaSet'));
    this.#revisions(objects.filter(({ kind }) => kind === 'StatefulSet' || kind === 'ControllerRevision'));
    for (const { kind, metadata } of objects) {
      const { name, generateName, ownerReferences } = metadata as typeof metadata & { generateName?: string };
      if (kind !== 'Pod' || !generateName || ORDINAL.test(name)) continue;
      const owner = ownerReferences?.find(({ controller }) => controller)?.name ?? generateName.slice(0, -1);
      this.#names.set(name, `${this.#names.get(owner) ?? owner.replace(HASHED, '~')}-*`);
    }
    this.#volumes(objects.filter(({ kind }) => kind === 'PersistentVolume'));
    const known = [...this.#names.keys()]
      .sort((a, b) => b.length - a.length)
      .map((name) => name.replaceAll('.', '\\.'));
    this.#pattern = new RegExp(`(?<![a-z0-9-])(?:${known.join('|') || '(?!)'})(?![a-z0-9-])`, 'g');
  }

  /** The same text for two clusters that did the same. */
  text(text: string): string {
    return text
      .replace(this.#pattern, (name) => this.#names.get(name)!)
      .replace(POD, (_, owner: string, hash: string) => `${this.#names.get(`${owner}-${hash}`) ?? `${owner}~`}-*`)
      .replace(UID, 'UID')
      .replace(/kube-api-access-\w{5}/g, 'kube-api-access')
      .replace(/csi-[0-9a-f]{64}/g, 'csi-HASH')
      .replace(/in \d+ms \(\d+ms including waiting\)\. Image size: \d+ bytes/, 'in MS. Image size: N bytes');
  }

  fields(fields: Fields): Fields {
    const out: Record<string, Value> = {};
    for (const [path, value] of Object.entries(fields))
      out[this.text(path)] = typeof value === 'string' ? this.text(value) : value;
    return out;
  }

  /** Numbered by age. */
  #replicaSets(objects: readonly Loose[]): void {
    const ages = new Map<string, string>();
    for (const { metadata } of objects)
      if (!ages.has(metadata.name)) ages.set(metadata.name, metadata.creationTimestamp ?? '');
    const counts = new Map<string, number>();
    for (const [name] of [...ages].sort(([, a], [, b]) => a.localeCompare(b))) this.#number(name, counts);
  }

  /** Numbered as they are named first. */
  #revisions(objects: readonly Loose[]): void {
    const counts = new Map<string, number>();
    for (const { kind, metadata, status } of objects) {
      const names = kind === 'ControllerRevision' ? [metadata.name] : [status?.currentRevision, status?.updateRevision];
      for (const name of names) if (name && !this.#names.has(name as string)) this.#number(name as string, counts);
    }
  }

  #number(name: string, counts: Map<string, number>): void {
    const owner = name.replace(HASHED, '');
    const hash = name.slice(owner.length + 1);
    const n = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, n);
    this.#names.set(name, `${owner}~${n}`);
    if (hash) this.#names.set(hash, `~${n}`);
  }

  /** Which of equal volumes a claim gets is not determined. */
  #volumes(objects: readonly Loose[]): void {
    const kinds = new Map<string, Set<string>>();
    const seen = new Set<string>();
    for (const { metadata, spec } of objects) {
      if (seen.has(metadata.name)) continue;
      seen.add(metadata.name);
      const { claimRef, nfs, hostPath, ...rest } = spec as Record<string, unknown>;
      const prebound = (claimRef as { name?: string } | undefined)?.name;
      const likeness = JSON.stringify([
        rest,
        Boolean(nfs),
        Boolean(hostPath),
        metadata.labels,
        prebound && metadata.name,
      ]);
      kinds.set(likeness, (kinds.get(likeness) ?? new Set()).add(metadata.name));
    }
    for (const names of kinds.values())
      if (names.size > 1) for (const name of names) this.#names.set(name, [...names].sort().join('|'));
  }
}
