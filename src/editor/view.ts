/** The editor: CodeMirror with the house's colours and keys. Loaded when a file is first opened. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, deleteLine, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, Prec, Text, Transaction } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { FilesWords } from '../../sandbox/words/files/index.ts';
import { completionSource } from './completion.ts';
import { type FieldText, helpAt, helpElement, type Knowledge } from './help.ts';
import { linesAsTheyAre } from './lines.ts';
import { isManifest } from './place.ts';
import type { Problem } from './problems.ts';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly t: FilesWords;
  readonly knowledge: Knowledge;
  readonly onChange: () => void;
  readonly onMove: () => void;
  readonly onSave: () => void;
  /** F1 was pressed. */
  readonly onHelp: () => void;
  /** Esc was pressed: Tab now leaves, for some seconds. */
  readonly onEscape: () => void;
  readonly onEntered: () => void;
}

const does = (act: () => void) => () => {
  act();
  return true;
};

/** How long Tab leaves after Esc (milliseconds), unless another key comes first. */
const LEAVING = 10_000;

/** The text came from the machine: no change of the reader's, but one that can be undone. */
const FROM_MACHINE = 'machine';

export class FileEditor {
  readonly #view: EditorView;
  readonly #options: EditorOptions;
  readonly #lines = new Compartment();

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#view = new EditorView({
      parent: options.parent,
      state: EditorState.create({ extensions: this.#extensions('', false) }),
    });
  }

  /** Another file: its own history begins. */
  show(text: string, path: string, label: string): void {
    const plain = !/\.(?:ya?ml|json)$/.test(path) && !isManifest(text);
    const extensions = [this.#lines.of(linesAsTheyAre(text)), this.#extensions(label, !plain)];
    this.#view.setState(EditorState.create({ doc: text, extensions }));
    this.#options.onMove();
  }

  /** What the machine has now, in place of what is shown; where the cursor is stays. */
  replace(text: string): void {
    const { doc } = this.#view.state;
    const before = doc.toString();
    if (before === text) return;
    let from = 0;
    while (from < before.length && before[from] === text[from]) from++;
    let end = 0;
    while (end < Math.min(before.length, text.length) - from && before.at(-1 - end) === text.at(-1 - end)) end++;
    this.#view.dispatch({
      changes: { from, to: before.length - end, insert: Text.of(text.slice(from, text.length - end).split('\n')) },
      effects: this.#lines.reconfigure(linesAsTheyAre(text)),
      annotations: [Transaction.userEvent.of(FROM_MACHINE)],
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  focus(): void {
    this.#view.focus();
  }

  set problems(problems: readonly Problem[]) {
    const { length } = this.#view.state.doc;
    const diagnostics = problems.map((problem): Diagnostic => ({ ...problem, to: Math.min(problem.to, length) }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** The line of a place, from 1. */
  lineOf(at: number): number {
    const { doc } = this.#view.state;
    return doc.lineAt(Math.min(at, doc.length)).number;
  }

  goTo(at: number): void {
    this.#view.dispatch({ selection: { anchor: Math.min(at, this.#view.state.doc.length) }, scrollIntoView: true });
    this.#view.focus();
  }

  help(): Promise<FieldText | undefined> {
    const { state } = this.#view;
    return helpAt(state.doc.toString(), state.selection.main.head, this.#options.knowledge);
  }

  destroy(): void {
    this.#view.destroy();
  }

  #extensions(label: string, isYaml: boolean): Extension {
    const { t, knowledge, onSave, onHelp, onEscape, onEntered } = this.#options;
    return [
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      history(),
      indentUnit.of('  '),
      EditorState.tabSize.of(2),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightSelectionMatches(),
      syntaxHighlighting(classHighlighter),
      isYaml ? [yaml(), lintGutter(), this.#completion(), hover(knowledge)] : [],
      EditorState.phrases.of(t.phrases),
      EditorView.contentAttributes.of({
        'aria-label': label,
        tabindex: '0',
        spellcheck: 'false',
        autocapitalize: 'off',
      }),
      EditorView.domEventHandlers({ focus: onEntered }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.#changed(update.state.selection.main.head);
        if (update.docChanged || update.selectionSet) this.#options.onMove();
      }),
      Prec.high(
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: does(onSave) },
          { key: 'F1', preventDefault: true, run: does(onHelp) },
        ]),
      ),
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...lintKeymap,
        {
          key: 'Escape',
          run: (view) => {
            view.setTabFocusMode(LEAVING);
            onEscape();
            return true;
          },
        },
        // Its key, Ctrl+Shift+K, opens the search everywhere (search-key.ts): a line lost to that would go unseen.
        ...defaultKeymap.filter(({ run }) => run !== deleteLine),
        indentWithTab,
      ]),
    ];
  }

  #completion(): Extension {
    const source = completionSource(this.#options.knowledge, this.#options.t.required);
    return autocompletion({ override: [source], icons: false, activateOnTypingDelay: 150 });
  }

  /** What was said of a line that has changed is not true of it any more; the rest waits for the next judgement. */
  #changed(at: number): void {
    const { state } = this.#view;
    const line = state.doc.lineAt(at);
    const kept: Diagnostic[] = [];
    let gone = false;
    forEachDiagnostic(state, (diagnostic, from, to) => {
      if (to >= line.from && from <= line.to) gone = true;
      else kept.push({ ...diagnostic, from, to });
    });
    // Not in the middle of an update.
    if (gone) queueMicrotask(() => this.#view.state === state && this.#view.dispatch(setDiagnostics(state, kept)));
    this.#options.onChange();
  }
}

const hover = (knowledge: Knowledge): Extension =>
  hoverTooltip(async (view, at) => {
    const help = await helpAt(view.state.doc.toString(), at, knowledge);
    if (!help || at < help.from || at > help.to) return null;
    return { pos: help.from, end: help.to, above: true, create: () => ({ dom: helpElement(help) }) };
  });
