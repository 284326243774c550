/** When what changed an endpoint happened, for its annotation (pkg/controller/util/endpoint/trigger_time_tracker.go). */

import type { Pod, Service } from '../../api/types.ts';

interface Seen {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** Times are RFC 3339 in UTC: they compare as text. */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>();

  /** The earliest of those that are new since the last look; undefined if none is. A pod that goes has none. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#seen.get(key);
    const times = new Map<string, string>();
    let earliest: string | undefined;
    const consider = (time: string, known = '') => {
      if (time > known && (earliest === undefined || time < earliest)) earliest = time;
    };
    for (const pod of pods) {
      const time = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
      if (!time) continue;
      times.set(pod.metadata.name, time);
      consider(time, before?.pods.get(pod.metadata.name));
    }
    const created = service.metadata.creationTimestamp ?? '';
    consider(created, before?.service);
    this.#seen.set(key, { service: created, pods: times });
    return earliest;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
