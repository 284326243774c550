/** A lesson as it was found elsewhere, before it is one of ours; and what could not be taken along, in words. */

export interface ImportedFile {
  /** In files/. */
  readonly name: string;
  readonly text: string;
  /** Where the learner has it, on master01. */
  readonly to: string;
}

export interface ImportedStep {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly prose: string;
  /** Given to the learner. */
  readonly files: readonly ImportedFile[];
  /** Run before the learner begins. */
  readonly prepare: readonly ImportedFile[];
  /** What is done in the step, in order. */
  readonly commands: readonly string[];
  /** How the files are in the end. */
  readonly solved: readonly ImportedFile[];
  readonly checks: readonly ImportedCheck[];
}

export interface ImportedCheck {
  readonly id: string;
  readonly says: string;
  /** CEL, or part of an object. */
  readonly expr?: string;
  readonly assert?: object;
}

export interface Imported {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly intro: string;
  readonly steps: readonly ImportedStep[];
  readonly finish: string;
}

/** Sentences, each with what it is about. */
export class Left {
  readonly sentences: string[] = [];

  add(where: string, says: string): void {
    this.sentences.push(`${where}: ${says}`);
  }
}

/** `01-Create a Pod` → `create-a-pod`; another number is given to what has been there. */
export function idOf(name: string, taken: ReadonlySet<string> = new Set()): string {
  const id =
    name
      .replace(/^\d+[-_. ]+/, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'step';
  if (!taken.has(id)) return id;
  let count = 2;
  while (taken.has(`${id}-${count}`)) count += 1;
  return `${id}-${count}`;
}
