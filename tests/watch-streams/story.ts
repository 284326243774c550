/** A watch stream told object by object: the states each went through, and what was reported of it, by whom. */

import type { KubeObject } from '../../sandbox/api/object.ts';
import { type Fields, project, type Value } from './project.ts';
import { Roles } from './roles.ts';

export interface WatchEvent {
  /** Since the watch began. */
  readonly ms: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

export interface Story {
  /** `Pod/web~1-*`: several objects may have one role. */
  readonly role: string;
  readonly name: string;
  /** Whether the watch saw it come: else it was there before, nobody knows how. */
  born: boolean;
  readonly states: readonly State[];
  /** By component, in order: `Normal Created Container created`. */
  readonly told: Readonly<Record<string, readonly Told[]>>;
}

export interface State {
  readonly ms: number;
  /** Whether the object is there. */
  readonly exists: boolean;
  readonly fields: Fields;
}

export interface Told {
  readonly ms: number;
  readonly text: string;
}

interface EventObject extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

export function tell(stream: readonly WatchEvent[]): Story[] {
  const roles = new Roles(stream.map(({ object }) => object));
  const stories = new Map<string, Story & { states: State[]; told: Record<string, Told[]> }>();
  const storyOf = (kind: string, name: string) => {
    const key = `${kind}/${name}`;
    let story = stories.get(key);
    if (!story) {
      story = { role: `${kind}/${roles.text(name)}`, name, born: false, states: [], told: {} };
      stories.set(key, story);
    }
    return story;
  };
  for (const { ms, type, object } of stream) {
    if (object.kind === 'Event') {
      if (type === 'DELETED') continue;
      const event = object as EventObject;
      const { told } = storyOf(event.involvedObject.kind, event.involvedObject.name);
      const component = event.source?.component || event.reportingComponent || '';
      told[component] ??= [];
      const text = `${event.type} ${event.reason} ${roles.text(event.message.replace(COMBINED, '').replace(ASSIGNED, '$1'))}`;
      if (!PULLING.test(text)) told[component].push({ ms, text: text.replace(PULLED, 'Image "$1" is here') });
    } else {
      const { kind, metadata } = object;
      const story = storyOf(kind, metadata.name);
      if (story.states.length === 0) story.born = type === 'ADDED';
      story.states.push({
        ms,
        exists: type !== 'DELETED',
        fields: roles.fields(project(object)),
      });
    }
  }
  return [...stories.values()];
}

/** Whether a node had a tag already depends on what ran there before; one without is pulled always. */
const PULLING = /Pulling image "[^"]+:(?!latest")[^":/]+"/;
const PULLED = /(?:Successfully pulled image|Container image) "([^"]+:(?!latest")[^":/]+)" .*/;

/** Which messages are combined is drawn at random (events_cache.go EventAggregate, PopAny). */
const COMBINED = /^\(combined from similar events\): /;

/** Where to is told by the pod's states. */
const ASSIGNED = /(Successfully assigned \S+) to \S+/;

/** What a state changed of the one before: `null` takes a field away. */
export type Delta = readonly [ms: number, exists: boolean, changed: Record<string, Value | null>];

export function packed({ states, ...story }: Story) {
  let before: Fields = {};
  const deltas = states.map(({ ms, exists, fields }): Delta => {
    const changed: Record<string, Value | null> = {};
    for (const [path, value] of Object.entries(fields)) if (before[path] !== value) changed[path] = value;
    for (const path of Object.keys(before)) if (!(path in fields)) changed[path] = null;
    before = fields;
    return [ms, exists, changed];
  });
  return { ...story, deltas };
}

export function unpacked({ deltas, ...story }: ReturnType<typeof packed>): Story {
  const fields: Record<string, Value> = {};
  const states = deltas.map(([ms, exists, changed]): State => {
    for (const [path, value] of Object.entries(changed)) {
      if (value === null) delete fields[path];
      else fields[path] = value;
    }
    return { ms, exists, fields: { ...fields } };
  });
  return { ...story, states };
}
