/** What is searched: the course's texts step by step, and the kinds that the lab's API serves. Plain data, made by the build. */

export interface Passage {
  readonly lesson: string;
  /** '' for what stands before the first step. */
  readonly step: string;
  readonly lessonTitle: string;
  readonly title: string;
  /** Prose, then what is typed and what manifests say, as lines. */
  readonly text: string;
}

export interface Kind {
  readonly kind: string;
  /** `apps/v1`. */
  readonly apiVersion: string;
  /** As `kubectl explain` takes it: `persistentvolumeclaims`; its short names. */
  readonly resource: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly description: string;
  /** `spec.volumeName`, its type, and the first sentence of its description. */
  readonly fields: readonly (readonly [path: string, type: string, description: string])[];
}
