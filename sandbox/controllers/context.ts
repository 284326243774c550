/** What every controller is started with, and the keys by which it names objects. */

import type { Client } from '../api/client.ts';
import type { ObjectMeta } from '../api/object.ts';
import type { EventRecorder } from '../api/recorder.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { CreationRate } from './creation-rate.ts';

export interface ControllerContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Writes under the controller's own name. */
  readonly client: Client;
  readonly recorder: EventRecorder;
  /** How many pods may still be made: the controllers of one manager share it. */
  readonly creations: CreationRate;
}

export type StartController = (context: ControllerContext) => void;

/** `namespace/name`, or `/name` of what has no namespace. */
export const keyOf = ({ metadata }: { readonly metadata: ObjectMeta }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
