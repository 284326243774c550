/** The file that is open in the editor: what the machine has of it, what was written, saved, and what came between. */

import { contentHash, type FileText } from '../../sandbox/channel/files.ts';
import type { FilesWords } from '../../sandbox/words/files/index.ts';
import { announce } from '../runtime/announce.ts';
import type { LabSession } from '../runtime/session.svelte.ts';
import type { Drafts } from './drafts.ts';
import { fromMachine, type LineEnd, toMachine } from './line-ends.ts';
import { isManifest } from './place.ts';
import { counts, type Problem, problemsOf } from './problems.ts';

/** The editor's view, as much of it as is needed here. */
export interface Screen {
  readonly text: string;
  show(text: string, path: string, label: string): void;
  replace(text: string): void;
  problems: readonly Problem[];
}

/** A draft is kept so long after the last key (milliseconds), and judged so long after it. */
const KEEP_AFTER = 250;
const JUDGE_AFTER = 500;
/** The cluster may have changed: judged again at most this often. */
const JUDGE_AGAIN = 1_500;
/** A save that takes longer waits for a server (milliseconds). */
const PATIENCE = 1_500;
const NOT_THERE = 'No such file or directory';

export class OpenFile {
  readonly host: string;
  readonly path: string;
  readonly #session: LabSession;
  readonly #drafts: Drafts;
  readonly #t: FilesWords;
  #screen: Screen | undefined;
  /** What stands when there is no screen yet. */
  #text = '';
  /** The text that the reader's is made from; undefined where there was no file. */
  #base: string | undefined;
  #baseHash = 0;
  /** What ends the lines of the machine's. */
  #end: LineEnd = '\n';
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #judging: ReturnType<typeof setTimeout> | undefined;
  #judgedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  phase = $state<'reading' | 'open' | 'refused'>('reading');
  /** Why it cannot be opened. */
  refusal = $state('');
  dirty = $state(false);
  /** It is not on the machine. */
  missing = $state(false);
  saving = $state<'' | 'saving' | 'waiting'>('');
  /** What came of the last save, or of the machine's own change. */
  note = $state<{ readonly text: string; readonly bad: boolean } | undefined>();
  /** Both were changed: what the machine has. */
  conflict = $state.raw<{ readonly theirs: string | undefined } | undefined>();
  inVi = $state(false);
  manifest = $state(false);
  problems = $state.raw<readonly Problem[] | undefined>();

  constructor(of: { session: LabSession; drafts: Drafts; t: FilesWords; host: string; path: string }) {
    this.#session = of.session;
    this.#drafts = of.drafts;
    this.#t = of.t;
    this.host = of.host;
    this.path = of.path;
  }

  /** `make`: it may not be there yet. */
  async read({ make = false } = {}): Promise<void> {
    const draft = this.#drafts.get(this.host, this.path);
    const read = await this.#session.looking?.readFile(this.host, this.path);
    if (!read) return this.#refuse(this.#t.problem.off(this.host));
    if ('problem' in read && !(read.problem.message === NOT_THERE && (make || draft)))
      return this.#refuse(this.#words(read));
    const machine = 'text' in read ? read.text : undefined;
    this.inVi = 'text' in read && read.inVi;
    this.#stands(machine, draft?.base);
    const shown = shownOf(machine);
    this.#text = draft?.text ?? shown ?? '';
    this.dirty = this.#text !== shown;
    if (draft && draft.base !== contentHash(machine) && draft.text !== shown) this.conflict = { theirs: machine };
    this.phase = 'open';
    this.#changed();
  }

  show(screen: Screen): void {
    this.#screen = screen;
    screen.show(this.#text, this.path, this.#t.editor(this.path, this.host));
    this.#judgeSoon(0);
  }

  get text(): string {
    return this.#screen?.text ?? this.#text;
  }

  /** The reader has written. */
  changed(): void {
    if (this.#closed) return;
    this.#changed();
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.keep(), KEEP_AFTER);
    this.#judgeSoon(JUDGE_AFTER);
  }

  #changed(): void {
    const { text } = this;
    this.dirty = this.#base === undefined ? true : text !== this.#base;
    this.manifest = isManifest(text);
    if (!this.dirty) this.conflict = undefined;
  }

  /** Writes the draft down, or forgets it where there is nothing to lose. */
  keep(): void {
    clearTimeout(this.#keeping);
    if (this.phase !== 'open') return;
    const worth = this.dirty && !(this.#base === undefined && this.text === '');
    this.#drafts.set(this.host, this.path, worth ? { text: this.text, base: this.#baseHash } : undefined);
  }

  close(): void {
    this.keep();
    this.#closed = true;
    this.#screen = undefined;
    clearTimeout(this.#judging);
  }

  /** Something has changed in the world: perhaps this file, perhaps what its manifest is judged by. */
  async refresh(): Promise<void> {
    if (this.phase === 'refused') return this.read();
    if (this.phase !== 'open' || this.saving) return;
    const read = await this.#session.looking?.readFile(this.host, this.path);
    if (!read || this.#closed || this.saving) return;
    if (this.manifest) this.#judgeSoon(Math.max(0, this.#judgedAt + JUDGE_AGAIN - performance.now()));
    if ('problem' in read && read.problem.message !== NOT_THERE) return;
    this.inVi = 'text' in read && read.inVi;
    this.#met('text' in read ? read.text : undefined);
  }

  /** What the machine has now. */
  #met(machine: string | undefined): void {
    this.missing = machine === undefined;
    if (contentHash(machine) === this.#baseHash) return;
    const shown = shownOf(machine);
    if (this.dirty && shown !== this.text) {
      if (this.conflict?.theirs === machine && this.conflict) return;
      this.conflict = { theirs: machine };
      announce(this.#t.conflict(this.path));
      return;
    }
    const was = this.#base;
    this.#stands(machine, undefined);
    this.conflict = undefined;
    if (shown !== undefined && shown !== this.text) {
      this.#screen?.replace(shown);
      this.#tell(this.#t.followed(this.path), false);
    } else if (machine === undefined && was !== undefined) this.#tell(this.#t.gone(this.path), true);
    this.#changed();
    this.keep();
  }

  #stands(machine: string | undefined, base: number | undefined): void {
    this.#base = base === undefined || base === contentHash(machine) ? shownOf(machine) : undefined;
    if (machine !== undefined) this.#end = fromMachine(machine).end;
    this.#baseHash = base ?? contentHash(machine);
    this.missing = machine === undefined;
  }

  /** True when it is on the machine. */
  async save({ overwrite = false } = {}): Promise<boolean> {
    if (this.phase !== 'open' || this.saving) return false;
    const data = toMachine({ text: this.text, end: this.#end });
    this.keep();
    this.saving = 'saving';
    this.note = undefined;
    const patience = setTimeout(() => {
      this.saving = 'waiting';
      announce(this.#t.waiting);
    }, PATIENCE);
    const base = overwrite ? undefined : this.#baseHash;
    const result = await this.#session.save(this.host, {
      path: this.path,
      data,
      ...(base !== undefined && { base }),
    });
    clearTimeout(patience);
    this.saving = '';
    if (result && 'modified' in result) {
      this.#stands(data, undefined);
      this.conflict = undefined;
      this.#changed();
      this.keep();
      this.#tell(this.#t.saved(this.path), false);
      this.#judgeSoon(0);
      return true;
    }
    if (!result) {
      if (!this.#session.watching) this.#tell(this.#t.unsaid, true);
    } else if ('problem' in result) {
      this.#tell(this.#t.failed(this.path, result.problem.message), true);
      await this.#leftBehind();
    } else await this.refresh();
    return false;
  }

  /** A disk that became full holds a part of the text: that is no other's work. */
  async #leftBehind(): Promise<void> {
    const read = await this.#session.looking?.readFile(this.host, this.path);
    const end = this.#end;
    const data = toMachine({ text: this.text, end });
    if (read && 'text' in read && read.text !== '' && data.startsWith(read.text)) this.#stands(read.text, undefined);
    else if (read && 'text' in read && read.text === '') this.#stands('', undefined);
    this.#end = end;
    this.#changed();
    this.keep();
  }

  takeTheirs(): void {
    const theirs = this.conflict?.theirs;
    this.conflict = undefined;
    this.#stands(theirs, undefined);
    if (theirs !== undefined) this.#screen?.replace(fromMachine(theirs).text);
    this.#changed();
    this.keep();
  }

  keepMine(): Promise<boolean> {
    return this.save({ overwrite: true });
  }

  #tell(text: string, bad: boolean): void {
    this.note = { text, bad };
    announce(text);
  }

  #refuse(words: string): void {
    this.refusal = words;
    this.phase = 'refused';
  }

  #words(read: FileText): string {
    if (!('problem' in read)) return '';
    const { kind, message } = read.problem;
    if (kind === 'off') return this.#t.problem.off(this.host);
    return kind === 'refused' ? this.#t.problem.refused(this.path, message) : this.#t.problem[kind](this.path);
  }

  #judgeSoon(ms: number): void {
    clearTimeout(this.#judging);
    if (this.#closed) return;
    this.#judging = setTimeout(() => void this.#judge(), ms);
  }

  /** Only what is still so is shown: a judgement of what has been changed meanwhile is dropped. */
  async #judge(): Promise<void> {
    const { text } = this;
    const { looking } = this.#session;
    this.#judgedAt = performance.now();
    if (!this.manifest && !/\.ya?ml$/.test(this.path)) {
      this.problems = undefined;
      return;
    }
    if (!looking) return;
    const problems = await problemsOf(text, (manifests) => looking.judge(manifests));
    if (this.#closed || this.text !== text || !this.#screen) return;
    const before = this.problems;
    this.problems = problems;
    this.#screen.problems = problems;
    if (before && problems.length !== before.length) announce(this.#t.problems(...counts(problems)));
  }
}

/** A machine's text as the editor has it; undefined where there is no file. */
const shownOf = (machine: string | undefined): string | undefined =>
  machine === undefined ? undefined : fromMachine(machine).text;
