/** Why something is as it is, as plain data: what happened, and what is waited for, in keys of the table of causes (`words/causes`). */

import type { CauseKey } from '../words/causes/index.ts';

/** What one may ask of. */
export type WhySubject =
  /** `default` unless a namespace is given; nothing for what has none. */
  | { readonly type: 'object'; readonly kind: string; readonly name: string; readonly namespace?: string }
  /** A directory or file; what the file server exports is one. */
  | { readonly type: 'path'; readonly host: string; readonly path: string }
  | { readonly type: 'machine'; readonly host: string }
  | { readonly type: 'checkpoint'; readonly lesson: string; readonly step: string; readonly id: string };

export interface Says {
  readonly key: CauseKey;
  /** What stands for `{…}`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface WhyLink {
  /** Virtual milliseconds since the epoch. */
  readonly at: number;
  /** Who did it, by the name it reports under: `kube-scheduler`, `kubelet/node01`, `kubectl`; '' for the learner. */
  readonly component: string;
  readonly says: Says;
  /** The store's revision, of a write. */
  readonly revision?: number;
  readonly subject?: WhySubject;
  /** Links between the one before and this that are remembered no more. */
  readonly skipped?: number;
}

export interface WhyWait {
  readonly says: Says;
  readonly subject?: WhySubject;
}

export interface Why {
  readonly subject: WhySubject;
  /** What happened, the newest last. */
  readonly links: readonly WhyLink[];
  /** What it waits for, and what that waits for in its turn: the last is the cause. */
  readonly waits: readonly WhyWait[];
}
