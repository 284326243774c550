/** A checkpoint held to a world of which not everything can be seen: met, not met, or unknown, and what it would take to know. */

import { type CheckpointContext, evaluateCheckpoint } from './checkpoint.ts';
import type { Observation } from './observation.ts';
import type { Checkpoint } from './schema.ts';

/** What could not be seen, of which thing, and where somebody said so, in whose words. */
export type Sight =
  /** Objects of a kind; `why` is the API server's answer. */
  | { readonly kind: 'objects'; readonly resource: string; readonly why: string }
  /** Files, mounts, packages or exports of a machine that nobody opened. */
  | { readonly kind: 'machine'; readonly host: string }
  /** The machine was to be asked, and did not answer. */
  | { readonly kind: 'no-answer'; readonly host: string; readonly target: string; readonly why: string }
  /** The machine answered that this may not be read. */
  | { readonly kind: 'unreadable'; readonly host: string; readonly path: string }
  /** Who made or wrote a file that is there: no filesystem records it. */
  | { readonly kind: 'author'; readonly host: string; readonly path: string }
  /** Which files somebody wrote on a machine. */
  | { readonly kind: 'documents'; readonly host: string }
  /** How things were when a step began. */
  | { readonly kind: 'before'; readonly step: string }
  /** A container that nothing can be run in. */
  | { readonly kind: 'container'; readonly pod: string; readonly why: string }
  /** Whom a directory is exported to: only the server can tell who is in a netgroup. */
  | { readonly kind: 'netgroup'; readonly path: string }
  /** The address by which the NFS server knows a machine. */
  | { readonly kind: 'address'; readonly host: string };

/** Thrown by an observation where it cannot tell. */
export class Unseen extends Error {
  readonly sight: Sight;
  constructor(sight: Sight) {
    super(`unseen: ${sight.kind}`);
    this.sight = sight;
  }
}

/**
 * An observation whose answers may be missing. Expressions go on past what it throws wherever the rest decides, as CEL has it:
 * `unseen || true` is true. So it keeps itself what it could not tell.
 */
export interface PartialObservation extends Observation {
  /** What it could not tell since this was last called, each once. */
  takeUnseen(): readonly Sight[];
}

export interface Judgement {
  readonly id: string;
  readonly verdict: 'met' | 'not met' | 'unknown';
  /** Why it is not met, as the page tells it; '' otherwise. */
  readonly message: string;
  /** What would have to be seen: of an unknown one for the verdict, of one not met for the author's reason. */
  readonly unseen: readonly Sight[];
}

export interface PartialContext extends CheckpointContext {
  readonly world: PartialObservation;
}

export function judge(checkpoint: Checkpoint, context: PartialContext): Judgement {
  const { id } = checkpoint;
  const { holds, hidden, unseen } = looked(context, () => whetherHolds(checkpoint, context));
  if (holds === true) return { id, verdict: 'met', message: '', unseen: [] };
  if (hidden) return { id, verdict: 'unknown', message: '', unseen };
  return { id, verdict: 'not met', ...told(checkpoint, context) };
}

/** undefined: it lacks something that the condition names, be it in the world or in what is seen of it. */
function whetherHolds(checkpoint: Checkpoint, context: PartialContext): boolean | undefined {
  const { expr, writtenOn } = checkpoint;
  if (expr !== undefined) return context.expressions.evaluate(expr, context.world, context.now) as boolean | undefined;
  // Of the two ways, an object in the cluster and a document on a machine, one is enough.
  if (evaluateCheckpoint({ ...checkpoint, reasons: [], writtenOn: undefined }, context).passed) return true;
  return writtenOn !== undefined && evaluateCheckpoint({ ...checkpoint, reasons: [] }, context).passed;
}

/**
 * The first reason that is true is told, as on the page; where one before it could not be judged, none is: the later ones are
 * written for when the earlier are not.
 */
function told(checkpoint: Checkpoint, context: PartialContext): Pick<Judgement, 'message' | 'unseen'> {
  const { expressions, world, now } = context;
  for (const { id, when } of checkpoint.reasons) {
    const { holds, hidden, unseen } = looked(context, () => expressions.evaluate(when, world, now));
    if (hidden) return { message: ownWords(checkpoint, context), unseen };
    if (holds !== true) continue;
    // Its text may name what is not seen either; all else has been looked at.
    const only = { ...checkpoint, assert: undefined, expr: 'false', reasons: [{ id, when: 'true' }] };
    const { message } = evaluateCheckpoint(only, context);
    return { message, unseen: world.takeUnseen() };
  }
  return { message: ownWords(checkpoint, context), unseen: [] };
}

/** The engine's, where no author's fit. */
const ownWords = (checkpoint: Checkpoint, context: PartialContext): string =>
  evaluateCheckpoint({ ...checkpoint, reasons: [], writtenOn: undefined }, context).message;

interface Looked {
  readonly holds: unknown;
  /** There is no outcome, because something could not be seen. */
  readonly hidden: boolean;
  readonly unseen: readonly Sight[];
}

function looked({ world }: PartialContext, look: () => unknown): Looked {
  world.takeUnseen();
  try {
    const holds = look();
    const unseen = world.takeUnseen();
    return { holds, hidden: holds === undefined && unseen.length > 0, unseen };
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    return { holds: undefined, hidden: true, unseen: world.takeUnseen() };
  }
}
