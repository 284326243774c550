/** Evaluation of one checkpoint: passed or not, and if not, why, in words the learner can act on. */

import type { KubeObject } from '../api/object.ts';
import { checks, type Difference, type Language } from '../words/index.ts';
import type { Expressions, Lists } from './expressions.ts';
import { differences } from './match.ts';
import type { Observation } from './observation.ts';
import type { Checkpoint, Frontmatter } from './schema.ts';

export interface Verdict {
  readonly id: string;
  readonly passed: boolean;
  /** '' when passed. */
  readonly message: string;
}

/** A verdict with what tells its reason from another one, the same in every language; '' when passed. */
export interface Finding extends Verdict {
  readonly reason: string;
  /** The author's reason that is told, by its id; '' where the engine says it in its own words. */
  readonly because: string;
}

export interface CheckpointContext {
  readonly world: Observation;
  /** With `before`: the lists as they were when the step began. */
  readonly now: Lists;
  readonly expressions: Expressions;
  readonly language: Language;
  /** The checkpoint's texts, by checkpoint id. */
  readonly texts: NonNullable<Frontmatter['steps'][string]>['checkpoints'];
}

/** Looks at the state as it is; nothing in the world moves. */
export function evaluateCheckpoint(checkpoint: Checkpoint, context: CheckpointContext): Finding {
  const failure = why(checkpoint, context);
  if (failure === undefined) return { id: checkpoint.id, passed: true, message: '', reason: '', because: '' };
  return { id: checkpoint.id, passed: false, ...(authored(checkpoint, context) ?? failure) };
}

type Failure = Pick<Finding, 'message' | 'reason' | 'because'>;

/** undefined when it holds, else the engine's own words for what is missing. */
function why(checkpoint: Checkpoint, context: CheckpointContext): Failure | undefined {
  if (checkpoint.assert) return whyNotAsserted(checkpoint.assert, checkpoint.writtenOn, context);
  const holds = context.expressions.isTrue(checkpoint.expr!, context.world, context.now);
  return holds ? undefined : { message: checks[context.language].notYet, reason: 'not yet', because: '' };
}

function whyNotAsserted(
  wanted: NonNullable<Checkpoint['assert']>,
  writtenOn: string | undefined,
  context: CheckpointContext,
): Failure | undefined {
  const written = writtenOn === undefined ? [] : context.world.documents(writtenOn);
  const objects = [...(context.world.find(wanted.apiVersion, wanted.kind) ?? []), ...written.filter(describes(wanted))];
  const { name, namespace = 'default' } = (wanted.metadata ?? {}) as { name?: string; namespace?: string };
  const here = objects.filter((o) => (o.metadata.namespace ?? namespace) === namespace);
  const candidates = name === undefined ? here : here.filter((o) => o.metadata.name === name);
  let closest: { object: KubeObject; list: Difference[] } | undefined;
  for (const object of candidates) {
    const list = differences(wanted, object);
    if (list.length === 0) return undefined;
    if (!closest || list.length < closest.list.length) closest = { object, list };
  }
  const words = checks[context.language];
  if (closest) {
    const { object, list } = closest;
    const { name } = object.metadata;
    const reason = `differs ${name} ${JSON.stringify(list)}`;
    return { message: words.differs(wanted.kind, name, list), reason, because: '' };
  }
  const others = here.slice(0, 3).map((o) => o.metadata.name);
  const message = words.noSuchObject(wanted.kind, name ?? '', others);
  return { message, reason: `none but ${others.join(', ')}`, because: '' };
}

/** Whether a document is of that kind, with a name; the rest of it may be anything. */
function describes({ apiVersion, kind }: { apiVersion: string; kind: string }) {
  return (document: object): document is KubeObject => {
    const { metadata, ...given } = document as Partial<KubeObject>;
    return given.apiVersion === apiVersion && given.kind === kind && typeof metadata?.name === 'string';
  };
}

/** The first of its reasons that is true. */
export const reasonOf = ({ reasons }: Checkpoint, { world, now, expressions }: CheckpointContext) =>
  reasons.find((reason) => expressions.isTrue(reason.when, world, now));

/** The author's words: of the first reason that is true; `${…}` in its text is CEL. */
function authored(checkpoint: Checkpoint, context: CheckpointContext): Failure | undefined {
  const { world, now, expressions } = context;
  const found = reasonOf(checkpoint, context);
  const text = found && context.texts[checkpoint.id]?.reasons[found.id];
  if (text === undefined) return undefined;
  let reason = found!.id;
  const message = text.replace(/\$\{([^}]*)\}/g, (_, source: string) => {
    const value = display(expressions.evaluate(source, world, now));
    reason += ` ${value}`;
    return value;
  });
  return { message, reason, because: found!.id };
}

function display(value: unknown): string {
  if (Array.isArray(value)) return value.map(display).join(', ');
  return value === undefined || value === null ? '?' : String(value);
}
