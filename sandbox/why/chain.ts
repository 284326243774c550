/** From causes to links: each chain followed to where it began, several of them told as one story in the order of time. */

import type { StoreEvent } from '../api/store.ts';
import type { WhyLink } from '../channel/why.ts';
import { Cause, type Deed } from '../sim/cause.ts';
import { type Act, type Scene, says } from './scene.ts';
import { describeWrite } from './writes.ts';

/** What is told at most: of longer stories the beginning and the end. */
const MOST = 24;
/** Writes that only came from looking again (a resync, a lease) are gone back over so far. */
const LOOKED_OVER = 16;

export class Chains {
  readonly #scene: Scene;
  #events: Map<number, StoreEvent> | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** The links that lead to these, in the order of time, each once. */
  links(ends: readonly (Act | Cause | undefined)[]): readonly WhyLink[] {
    const known = new Set<Cause>();
    const links: WhyLink[] = [];
    for (const end of ends) {
      if (!end) continue;
      const cause = end instanceof Cause ? end : end.because;
      for (const one of this.#back(cause)) {
        // What comes before one that is told is told.
        if (known.has(one)) break;
        known.add(one);
        links.push(this.#link(one));
      }
      if (!(end instanceof Cause)) {
        const { because: _, ...act } = end;
        if (!links.some((link) => link.at === act.at && link.says.key === act.says.key)) links.push(act);
      }
    }
    return shortened(toldOnce(inTime(links)));
  }

  event(revision: number): StoreEvent | undefined {
    this.#events ??= new Map(this.#scene.api.store.history.map((event) => [event.revision, event]));
    return this.#events.get(revision);
  }

  /** From a cause back to the first; past what a timer began, to the state that was acted upon. */
  *#back(from: Cause | undefined): Iterable<Cause> {
    let over = 0;
    for (let cause = from; cause; ) {
      yield cause;
      if (cause.because) cause = cause.because;
      else if (cause.deed.type !== 'write' || over++ >= LOOKED_OVER) return;
      else cause = this.#actedUpon(cause);
    }
  }

  /**
   * A sync that a timer began acts upon what it finds: the newest earlier write to its object, or to one that it now names, that was not
   * itself a look of the same component.
   */
  #actedUpon({ deed }: Cause): Cause | undefined {
    if (deed.type !== 'write') return undefined;
    const named = namedBy(this.event(deed.revision));
    const { history } = this.#scene.api.store;
    for (let at = history.length - 1; at >= 0; at--) {
      const { write, revision, collection, object } = history[at]!;
      if (revision >= deed.revision || write.deed.type !== 'write') continue;
      const { namespace = '', name } = object.metadata;
      const own = collection.name === deed.resource && namespace === deed.namespace && name === deed.name;
      if (!own && !named.has(`${collection.name}/${namespace}/${name}`)) continue;
      if (write.because || write.deed.by !== deed.by) return write;
    }
    return undefined;
  }

  #link(cause: Cause): WhyLink {
    const { at, deed, skipped } = cause;
    const more = skipped > 0 ? { skipped } : {};
    if (deed.type === 'write') {
      const told = describeWrite(deed, this.event(deed.revision));
      return { at, component: componentOf(deed), revision: deed.revision, ...told, ...more };
    }
    return { at, component: '', says: learner(deed), ...more };
  }
}

/** kubectl deletes under its user's name. */
const componentOf = ({ by }: Deed & { type: 'write' }): string =>
  by === 'kubernetes-admin' ? 'kubectl' : by.replace(/^system:/, '');

function learner(deed: Exclude<Deed, { type: 'write' }>): WhyLink['says'] {
  const { host, text } = deed;
  if (deed.type === 'command') return says('learner.command', { host, command: text });
  if (deed.input === 'solve') return says('learner.solution', { place: text });
  if (deed.input === 'save') return says('learner.save', { host, path: text });
  if (deed.input === 'power') return says(text === 'on' ? 'learner.power.on' : 'learner.power.off', { host });
  return says('learner.request', { request: text });
}

/** The claim that a volume was promised to, the volume that a claim now names. */
function namedBy(event: StoreEvent | undefined): ReadonlySet<string> {
  const spec = (event?.object as { spec?: Record<string, unknown> } | undefined)?.spec ?? {};
  const { claimRef, volumeName } = spec as { claimRef?: { namespace?: string; name?: string }; volumeName?: string };
  const named = new Set<string>();
  if (claimRef) named.add(`persistentvolumeclaims/${claimRef.namespace}/${claimRef.name}`);
  if (volumeName) named.add(`persistentvolumes//${volumeName}`);
  return named;
}

/** Stable: what came at one instant stays in its order, which is that of revisions where there are. */
const inTime = (links: readonly WhyLink[]): WhyLink[] =>
  links.toSorted((a, b) => a.at - b.at || rank(a) - rank(b) || (a.revision ?? 0) - (b.revision ?? 0));

/** At one instant the learner comes first, then what a machine did, then what was written. */
const rank = ({ component, revision }: WhyLink): number => (component === '' ? 0 : revision === undefined ? 1 : 2);

/** An event that was seen again is told where it was seen last. */
function toldOnce(links: readonly WhyLink[]): WhyLink[] {
  const told = (link: WhyLink) =>
    link.says.key === 'write.event' ? JSON.stringify([link.says, link.subject, link.component]) : link;
  const last = new Map(links.map((link) => [told(link), link]));
  return links.filter((link) => last.get(told(link)) === link);
}

function shortened(links: WhyLink[]): readonly WhyLink[] {
  if (links.length <= MOST) return links;
  const [head, tail] = [links.slice(0, MOST / 3), links.slice(-(MOST - MOST / 3))];
  const [first, ...rest] = tail;
  return [...head, { ...first!, skipped: (first!.skipped ?? 0) + links.length - MOST }, ...rest];
}
