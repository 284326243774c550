/** What a session tells its reader beside its state: which world this is, what was set aside, what stands in the way. */

import type { Terms } from '../assignment/terms.ts';
import type { Problem, SessionRecord } from './journal/records.ts';

/** Where the page was opened: what its address and its history entry say. */
export interface Visit {
  readonly hash: string;
  /** The session this page of this tab was in when it was left. */
  readonly session: string | undefined;
  /** The session this tab was in last, on whatever page. */
  readonly tab: string | undefined;
  /** What a teacher's link fixes. */
  readonly terms: Promise<Terms | undefined> | undefined;
}

/** Which world this is, and the other one that the reader may want. */
export type WorldNote =
  /** As the solutions of the lessons before leave it. */
  | { readonly kind: 'fresh'; readonly other: SessionRecord | undefined }
  /** The reader's own, come from another lesson, or come back to. */
  | { readonly kind: 'same' | 'own' }
  | { readonly kind: 'link' | 'file' };

/** What could not be replayed, and what was done about it. */
export interface SetAside {
  readonly problem: Problem;
  /** The session that is kept as it was. */
  readonly session: string;
  /** Its last command was left out; else its step was begun anew. */
  readonly without: string | undefined;
}

/** A command block was run where something else runs, and the reader has to say what shall be done. */
export interface Occupied {
  readonly host: string;
  readonly command: string;
  /** What the block is meant for, where that is not the prompt. */
  readonly inside: string | undefined;
  /** What runs there; '' at the host's own prompt, where the block is meant for what is inside. */
  readonly running: string;
}

/** The session that a link from another lesson names. */
export const comesFrom = (hash: string): string | undefined => /^#in=([0-9a-f]+)(?=$|:)/.exec(hash)?.[1];
/** The step that it leads to. */
export const leadsTo = (hash: string): string | undefined => /^#in=[0-9a-f]+:([a-z0-9-]+)$/.exec(hash)?.[1];
/** An address that carries a whole session (share.ts). */
export const SESSION_HASH = '#session=';
export const isSessionHash = (hash: string): boolean => hash.startsWith(SESSION_HASH);
/** Whether the address carries a session: it is taken from it, and the address is a lesson's again. */
export const isCarried = (hash: string): boolean => hash.startsWith('#in=') || isSessionHash(hash);
export const comingFrom = (session: string, step?: string): string => `#in=${session}${step ? `:${step}` : ''}`;
