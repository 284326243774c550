/** Follows a page as a person would: types its commands in order, in the terminals it names, and compares what it sees. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realKubectl } from '../conformance/real-kubectl.ts';
import { type Difference, differences, linesOf, watchDifferences } from './compare.ts';
import { type Examples, PUBLISHED, ServedLab } from './lab.ts';
import type { Notes } from './notes.ts';
import { isWatch, type Step, stepsOf } from './page.ts';
import { pause, Terminal } from './terminal.ts';
import { Watch } from './watch.ts';

export interface Outcome {
  readonly step: Step;
  /** `agrees` without output on the page: it ended well. `omitted`: it was not run. */
  readonly verdict: 'agrees' | 'differs' | 'omitted';
  readonly differences: readonly Difference[];
  /** Why it was omitted. */
  readonly why?: string;
}

/** A reader looks again, until it is as the page says or nothing changes any more (milliseconds). */
const LOOK_AGAIN = 700;
const UNCHANGED = 5_000;
const PATIENCE = 30_000;
/** Commands that wait for the cluster are given up after this. */
const LIMIT = 60_000;
const STATUS_LIMIT = 8_000;
/** A watch is compared when it has been quiet for so long. */
const WATCH_QUIET = 6_000;

const CHANGES =
  /kubectl (?:--record )?(?:apply|annotate|autoscale|cordon|create|delete|drain|edit|expose|label|patch|replace|rollout (?:undo|pause|resume|restart)|run|scale|set)\b/;
const SHELL =
  /kubectl exec .*(?:-it|-i -t|-i --tty|-ti)\b.* -- (?:\/bin\/)?(?:ba)?sh$|kubectl run (?!.* -- ).*(?:-it|-i --tty)\b/m;
const CLIENT = /kubectl run .*(?:-it|-i --tty)\b.* -- /;
/** Typed at one's own prompt, even while a shell elsewhere is open. */
const AT_HOME = /^(?:#.*\n)*(?:kubectl|for .*kubectl|cat <<|curl -LO|echo \$\?$|\w+=\$\(kubectl)/;
const ON_THE_NODE = /[Ss]hell (?:to|on) (?:the|your|that)(?: single)? Node|your Node uses/;
const LEAVES = /close the shell|exit the container shell/;
const SAME_WATCH = /already|[Dd]o not start/;
const PLACEHOLDER = /<[A-Za-z][\w.-]*>/g;

export async function* follow(website: string, notes: Notes, examples: Examples): AsyncGenerator<Outcome> {
  const page = readFileSync(join(website, 'content/en/docs', notes.page), 'utf8');
  const lab = await ServedLab.start();
  const reader = new Reader(notes, lab.url, examples.url);
  try {
    await reader.prepare();
    for (const step of stepsOf(page)) yield await reader.take(step);
  } finally {
    reader.leave();
    await lab.stop();
  }
}

class Reader {
  readonly #notes: Notes;
  readonly #examples: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tutorials-'));
  readonly #env: Record<string, string>;
  #shell: Terminal | undefined;
  #watch: Watch | undefined;
  #code = 0;

  constructor(notes: Notes, server: string, examples: string) {
    this.#notes = notes;
    this.#examples = examples;
    for (const folder of ['home/.kube', 'work']) mkdirSync(join(this.#folder, folder), { recursive: true });
    writeFileSync(join(this.#folder, 'home/.kube/config'), kubeconfig(server));
    const editor = join(this.#folder, 'editor');
    writeFileSync(editor, `#!/bin/sh\nexec sed -i ${JSON.stringify(notes.editor ?? '')} "$1"\n`, { mode: 0o755 });
    this.#env = {
      PATH: `${realKubectl()}:${process.env.PATH}`,
      HOME: join(this.#folder, 'home'),
      LANG: 'C.UTF-8',
      EDITOR: editor,
    };
  }

  /** What the page takes for granted. */
  async prepare(): Promise<void> {
    if (this.#notes.prepare) await this.#insist(this.#notes.prepare);
  }

  async take(step: Step): Promise<Outcome> {
    const notes = this.#notes;
    const seen = `${step.prose}\n${step.command}`;
    for (const { at, run } of notes.before ?? []) if (at.test(seen)) await this.#insist(run);
    for (const [name, text] of Object.entries(step.files)) writeFileSync(join(this.#folder, 'work', name), text);
    if (LEAVES.test(step.prose)) await this.#leaveShell();
    const omitted = notes.omit?.find(({ command }) => command.test(step.command));
    if (omitted) return { step, verdict: 'omitted', differences: [], why: omitted.why };
    const command = await this.#filled(step.command);
    if (command === undefined)
      return { step, verdict: 'omitted', differences: [], why: 'a pattern with names to fill in, not a command' };
    const found = await this.#differences(step, command.replaceAll(PUBLISHED, this.#examples));
    return { step, verdict: found.length === 0 ? 'agrees' : 'differs', differences: found };
  }

  leave(): void {
    this.#shell?.close();
    this.#watch?.terminal.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #differences(step: Step, command: string): Promise<Difference[]> {
    if (isWatch(command)) return await this.#watchFor(step, command);
    if (SHELL.test(command)) return await this.#openShell(step, command);
    if (!this.#shell?.open && ON_THE_NODE.test(`${step.prose}\n${step.command}`)) this.#shell = await this.#nodeShell();
    if (!AT_HOME.test(command)) return await this.#typeInShell(step, command);
    if (CLIENT.test(command)) return await this.#openClient(step, command);
    return await this.#run(step, command);
  }

  async #run(step: Step, command: string): Promise<Difference[]> {
    const status = /kubectl rollout status/.test(command);
    const looks = !CHANGES.test(command) && !status && step.outputs.length > 0;
    const began = Date.now();
    let since = began;
    let before: string | undefined;
    for (;;) {
      const { output, code } = await this.#bash(`(exit ${this.#code})\n${command}`).end(status ? STATUS_LIMIT : LIMIT);
      const found = judged(step, [output], code);
      if (linesOf(output).join('\n') !== before) since = Date.now();
      before = linesOf(output).join('\n');
      const now = Date.now();
      if (found.length === 0 || !looks || now - since > UNCHANGED || now - began > PATIENCE) {
        this.#code = code;
        return found;
      }
      await pause(LOOK_AGAIN);
    }
  }

  async #watchFor(step: Step, command: string): Promise<Difference[]> {
    const running = this.#watch?.terminal.open && this.#watch.is(command);
    const fresh = /^#/.test(command) && !SAME_WATCH.test(command);
    if (!running || step.outputs.length === 0 || fresh) {
      this.#watch?.terminal.close();
      this.#watch = new Watch(command, this.#bash(command));
      await pause(1_000);
    }
    if (step.outputs.length === 0) return [];
    const { terminal } = this.#watch!;
    await terminal.quiet(WATCH_QUIET, LIMIT);
    const shown = this.#watch!.look();
    return best(step.outputs.map((output) => watchDifferences(output, shown)));
  }

  async #openShell(step: Step, command: string): Promise<Difference[]> {
    await this.#leaveShell();
    for (const began = Date.now(); ; await pause(LOOK_AGAIN)) {
      const terminal = this.#bash(command);
      if (await terminal.prompt(LIMIT)) {
        this.#shell = terminal;
        return step.outputs.length === 0 ? [] : judged(step, [terminal.output], 0);
      }
      terminal.close();
      // The container may not run yet.
      if (Date.now() - began > PATIENCE) return [{ page: ["a shell's prompt"], ours: linesOf(terminal.output) }];
    }
  }

  async #openClient(step: Step, command: string): Promise<Difference[]> {
    const terminal = this.#bash(command);
    await terminal.prompt(LIMIT);
    const shown = terminal.output;
    terminal.close();
    return judged(step, [shown], 0);
  }

  async #typeInShell(step: Step, command: string): Promise<Difference[]> {
    // Never at home: what is meant for a container or a node could harm the machine one reads on.
    const shell = this.#shell;
    if (!shell?.open) return [{ page: ['a shell to type in'], ours: [] }];
    const answers: string[] = [];
    for (const line of command.split('\n'))
      if (line.trim() !== '' && !line.startsWith('#')) answers.push(await shell.type(line, LIMIT));
    // Of several commands a page may show the last one's output only.
    return judged(step, [answers.join(''), answers.at(-1) ?? ''], 0);
  }

  async #nodeShell(): Promise<Terminal> {
    const node = this.#notes.node ?? 'node01';
    const terminal = this.#bash(
      `kubectl debug node/${node} -it --profile=sysadmin --image=busybox -- chroot /host bash`,
    );
    if (!(await terminal.prompt(LIMIT))) throw new Error(`no shell on ${node}: ${terminal.output}`);
    return terminal;
  }

  async #leaveShell(): Promise<void> {
    await this.#shell?.exit();
    this.#shell = undefined;
  }

  async #filled(command: string): Promise<string | undefined> {
    let text = command;
    for (const [placeholder] of command.matchAll(PLACEHOLDER)) {
      const names = this.#notes.fill?.[placeholder];
      if (names === undefined) return undefined;
      const { output } = await this.#bash(names).end(LIMIT);
      text = text.replaceAll(placeholder, output.trim());
    }
    return text;
  }

  async #insist(command: string): Promise<void> {
    const { output, code } = await this.#bash(command.replaceAll(PUBLISHED, this.#examples)).end(LIMIT);
    if (code !== 0) throw new Error(`${command}\n${output}`);
  }

  #bash(command: string): Terminal {
    return new Terminal(command, { cwd: join(this.#folder, 'work'), env: this.#env });
  }
}

/** Against what the page shows; if it shows nothing, the command must end well. */
function judged(step: Step, shown: readonly string[], code: number): Difference[] {
  if (step.outputs.length === 0) return code === 0 ? [] : [{ page: [], ours: linesOf(shown[0]!) }];
  // Of an object a page may show its status only.
  const part = (output: string) => /-o yaml/.test(step.command) && !/^apiVersion:/m.test(output);
  return best(step.outputs.flatMap((output) => shown.map((ours) => differences(output, ours, part(output)))));
}

const size = (found: readonly Difference[]): number =>
  found.reduce((sum, { page, ours }) => sum + page.length + ours.length, 0);

const best = (all: readonly Difference[][]): Difference[] => all.reduce((a, b) => (size(b) < size(a) ? b : a));

const kubeconfig = (server: string): string => `apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "${server}"}}]
contexts: [{name: lab, context: {cluster: lab, user: admin}}]
current-context: lab
users: [{name: admin, user: {token: unused}}]
`;
