/** Runs the text's command blocks: in the terminal they are for, after asking where something else runs there. */

import type { Foreground, Input } from '../../sandbox/channel/messages.ts';
import { hostOf } from '../../sandbox/channel/typed.ts';
import { fits, keysOf } from './command-block.ts';
import type { Sandbox } from './sandbox.ts';
import type { Occupied } from './session-notes.ts';
import type { SessionState } from './session-state.svelte.ts';
import type { Screens } from './terminal/screens.ts';
import { wait } from './wait.ts';

/** What runs in a terminal is looked at so often while the reader is asked about it (milliseconds). */
const LOOK_EVERY = 250;
/** A terminal's prompt is waited for so long after what ran there was told to end (milliseconds). */
const PROMPT_PATIENCE = 6_000;

interface RunnerOf {
  readonly state: SessionState;
  readonly screens: Screens;
  readonly sandbox: () => Sandbox | undefined;
  /** The world takes inputs now. */
  readonly live: () => boolean;
  /** … or does so soon, and this tab writes it. */
  readonly mayAct: () => Promise<boolean>;
  readonly onlyLooks: () => boolean;
  readonly put: (input: Input) => void;
  /** Keys, kept for later while there is no world. */
  readonly type: (host: string, keys: string) => void;
}

/** As the question names it: '' at the prompt, where there is nothing to stop. */
const runningIn = ({ prompt, command }: Foreground): string => (prompt ? '' : command);

export class BlockRunner {
  readonly #of: RunnerOf;

  constructor(of: RunnerOf) {
    this.#of = of;
  }

  /** Types command lines into a host's terminal and brings it to the front; asks first where something else runs there. */
  async run(host: string, command: string, inside?: string): Promise<void> {
    const { state, screens } = this.#of;
    if (state.phase === 'failed' || this.#of.onlyLooks()) return;
    const terminal = state.front.startsWith(`${host}:`) ? state.front : host;
    screens.show(terminal);
    // A prompt may stand before its cluster does.
    if (!this.#of.live()) return this.#type(terminal, command);
    const front = await this.#foreground(terminal);
    if (!front) return this.#type(terminal, command);
    if (fits(front.prompt, front.command, inside)) this.#type(terminal, command);
    else this.#ask({ host: terminal, command, inside, running: runningIn(front) });
  }

  /** The reader's word on a terminal where something else runs. */
  async answer(choice: 'stop' | 'another' | 'here' | 'leave'): Promise<void> {
    const { state, screens } = this.#of;
    const asked = state.occupied;
    state.occupied = undefined;
    if (!asked || choice === 'leave' || !(await this.#of.mayAct())) return;
    if (choice === 'here') return this.#type(asked.host, asked.command);
    let host: string | undefined = asked.host;
    if (choice === 'stop') this.#of.put({ type: 'interrupt', host });
    else host = screens.open(hostOf(host));
    if (!host) return;
    const front = await this.#prompt(host);
    if (front && fits(front.prompt, front.command, asked.inside)) this.#type(host, asked.command);
    // It does not let itself be stopped, or what the block is meant for is not open at a prompt.
    else this.#ask({ ...asked, host, running: front ? runningIn(front) : asked.running });
  }

  /** The question stands as long as there is something to ask: what runs may end by itself, and the block is typed. */
  #ask(asked: Occupied): void {
    const { state } = this.#of;
    state.occupied = asked;
    void (async () => {
      let shown = asked;
      for (;;) {
        await wait(LOOK_EVERY);
        const front = await this.#foreground(shown.host);
        if (state.occupied !== shown) return;
        if (!state.hosts.includes(shown.host)) break;
        if (!front || !this.#of.live()) continue;
        if (fits(front.prompt, front.command, shown.inside)) {
          this.#type(shown.host, shown.command);
          break;
        }
        const running = runningIn(front);
        if (running !== shown.running) state.occupied = shown = { ...shown, running };
      }
      state.occupied = undefined;
    })();
  }

  #type(host: string, command: string): void {
    this.#of.type(host, keysOf(command));
  }

  /** Undefined when the sandbox is gone before it answers. */
  async #foreground(host: string): Promise<Foreground | undefined> {
    return this.#of
      .sandbox()
      ?.functions.foreground(host)
      .catch(() => undefined);
  }

  /** The terminal at its prompt; undefined when it has not come to it in good time. */
  async #prompt(host: string): Promise<Foreground | undefined> {
    const end = performance.now() + PROMPT_PATIENCE;
    while (performance.now() < end) {
      const front = await this.#foreground(host);
      if (front?.prompt) return front;
      await wait(60);
    }
    return undefined;
  }
}
