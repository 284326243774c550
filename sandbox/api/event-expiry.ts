/** Events live for an hour after their last write (kube-apiserver --event-ttl=1h; etcd's leases do it there). */

import type { Clock } from '../sim/clock.ts';
import type { KubeObject } from './object.ts';
import type { Store } from './store.ts';

const LIFETIME = 3_600_000;

interface Lease {
  readonly at: number;
  readonly object: KubeObject;
}

export function expireEvents(clock: Clock, store: Store): void {
  const events = store.collection('events');
  /** In order of expiry: every write gives an event a new hour. */
  let leases: Lease[] = [];
  let scheduled = false;

  store.subscribe(({ collection, type, object }) => {
    if (collection !== events || type === 'DELETED') return;
    leases.push({ at: clock.now + LIFETIME, object });
    schedule();
  });

  function schedule(): void {
    const next = leases[0];
    if (scheduled || !next) return;
    scheduled = true;
    clock.at(next.at, expire, { background: true });
  }

  function expire(): void {
    scheduled = false;
    const due = leases.findIndex(({ at }) => at > clock.now);
    const expired = due < 0 ? leases : leases.slice(0, due);
    leases = due < 0 ? [] : leases.slice(due);
    for (const { object } of expired) {
      const { namespace = '', name } = object.metadata;
      // A later write has made another version, with an hour of its own.
      if (events.get(namespace, name) === object) store.remove(events, object, 'kube-apiserver');
    }
    schedule();
  }
}
