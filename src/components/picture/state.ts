/** The words and colours of states: what is well, what waits, what failed, what is going or gone. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { itemId } from './layout.ts';

export type Tone = 'well' | 'waits' | 'bad' | 'gone' | 'plain';

const tones: Readonly<Record<string, Tone>> = {
  Bound: 'well',
  Running: 'well',
  Completed: 'well',
  Succeeded: 'well',
  Available: 'plain',
  Released: 'gone',
  Terminating: 'gone',
  Unknown: 'gone',
  Pending: 'waits',
  ContainerCreating: 'waits',
  PodInitializing: 'waits',
  Failed: 'bad',
  Lost: 'bad',
};

/** The tone of a STATUS word; words that name an error (`ImagePullBackOff`, `Error`) are bad, others wait. */
export function toneOf(status: string): Tone {
  const known = tones[status];
  if (known) return known;
  return /Err|BackOff|Error|Evicted|OOM|Fail|Invalid|Cannot/.test(status) ? 'bad' : 'waits';
}

/** Everything that a thing's box shows, as one string: it lights up when this changes. */
function signatures(picture: Picture): Map<string, string> {
  const entries: [string, string][] = [
    ...picture.workloads.map((w): [string, string] => [itemId('workloads', w.name), `${w.ready}/${w.replicas}`]),
    ...picture.pods.map((p): [string, string] => [itemId('pods', p.name), `${p.status} ${p.ready} ${p.node} ${p.uid}`]),
    ...picture.claims.map((c): [string, string] => [itemId('claims', c.name), `${c.status} ${c.volume}`]),
    ...picture.volumes.map((v): [string, string] => [itemId('volumes', v.name), `${v.status} ${v.claim}`]),
    ...picture.exports.map((e): [string, string] => [itemId('exports', e.path), `${e.exported} ${e.files.join(' ')}`]),
  ];
  return new Map(entries);
}

/** How often each thing has changed since it was first seen; things that came later count from 1. */
export class Changes {
  #known: Map<string, string> | undefined;
  readonly #counts = new Map<string, number>();

  see(picture: Picture): ReadonlyMap<string, number> {
    const now = signatures(picture);
    for (const [id, signature] of now) {
      if (this.#known && this.#known.get(id) !== signature) this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    }
    this.#known = now;
    return new Map(this.#counts);
  }
}

/** `persistent-deployment-b9db64785-7fq4z` in 16 letters: `persist…85-7fq4z`. */
export function shorten(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const tail = Math.max(1, Math.min(8, Math.floor((letters - 1) / 2)));
  return `${name.slice(0, Math.max(1, letters - 1 - tail))}…${name.slice(-tail)}`;
}
