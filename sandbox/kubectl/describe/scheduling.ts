/** Priority classes (kubectl pkg/describe/describe.go PriorityClassDescriber). */

import type { KubeObject } from '../../api/object.ts';
import type { Task } from '../../sim/task.ts';
import type { Context } from './describer.ts';
import { describeEvents } from './events.ts';
import { formatLabels } from './values.ts';
import type { Writer } from './writer.ts';

interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
  readonly description?: string;
}

export function* priorityClass(w: Writer, object: PriorityClass, { events, now }: Context): Task<void> {
  w.line(0, `Name:\t${object.metadata.name}`);
  w.line(0, `Value:\t${object.value}`);
  w.line(0, `GlobalDefault:\t${object.globalDefault ?? false}`);
  w.line(0, `PreemptionPolicy:\t${object.preemptionPolicy ?? ''}`);
  w.line(0, `Description:\t${object.description ?? ''}`);
  w.line(0, `Annotations:\t${formatLabels(object.metadata.annotations)}`);
  describeEvents(w, events, now);
}
