/** Where the session runs, why not elsewhere, and the reader's choice: what the badge shows and does. */

import {
  blockedBefore,
  chooseHost,
  chosenHost,
  type HostChoice,
  offersWebContainers,
  rememberBlocked,
} from '../hosts.ts';
import type { Boot, Where } from '../sandbox.ts';
import type { LabSession } from '../session.svelte.ts';
import { bootWorker } from '../worker.ts';
import { asHostFailure, HostFailure, type Why } from './failure.ts';

/** The lab has the tab to itself for so long (milliseconds). */
const HEAD_START = 2_000;

export class LabHost {
  /** A site built for the worker alone shows where the lab runs, and nothing more. */
  readonly offered = offersWebContainers;
  choice = $state<HostChoice>(chosenHost());
  /** Why the session is not in a WebContainer although one was wanted. */
  why = $state<Why | undefined>();
  /** What was thrown, in its own words. */
  raw = $state('');
  /** A page can boot a WebContainer once. */
  needsReload = $state(false);
  /** The learner's own terminal is shown. */
  programs = $state(false);

  readonly #session: () => LabSession;
  #attempt = $state.raw<Promise<void> | undefined>();

  constructor(session: () => LabSession) {
    this.#session = session;
  }

  get where(): Where {
    return this.#session().where;
  }

  /** What the reader is told of it: who chose this tab needs no reasons. */
  get told(): Why | undefined {
    return this.choice === 'worker' ? undefined : this.why;
  }

  /** A WebContainer is starting in the background, and still wanted. */
  get trying(): boolean {
    return this.#attempt !== undefined && this.choice !== 'worker';
  }

  /** Once the session runs in the worker: on to a WebContainer, if that is wanted. */
  async begin(): Promise<void> {
    if (!this.offered || this.choice === 'worker' || this.#session().phase !== 'running') return;
    const blocked = this.choice === 'auto' ? blockedBefore() : undefined;
    // The reader's first command comes first.
    if (blocked === undefined) await new Promise((resolve) => setTimeout(resolve, HEAD_START));
    if (blocked === undefined) await this.tryNow();
    else this.#failed(new HostFailure('blocked', blocked));
  }

  async choose(choice: HostChoice): Promise<void> {
    this.choice = choice;
    chooseHost(choice);
    if (choice !== 'worker') return this.tryNow();
    if (this.#isElsewhere()) await this.#goTo(bootWorker);
  }

  /** The reader asks: what blocked it before may have gone. */
  async tryNow(): Promise<void> {
    if (this.needsReload || this.#isElsewhere()) return;
    this.#attempt ??= this.#try();
    await this.#attempt;
  }

  /** The sandbox it was handed to died; the session goes on in the worker. */
  lost(error: unknown): void {
    this.#failed(asHostFailure(error));
  }

  async #try(): Promise<void> {
    this.why = undefined;
    await this.#goTo(this.#bootWebContainer);
    this.#attempt = undefined;
    if (this.#isElsewhere()) rememberBlocked(undefined);
  }

  #isElsewhere(): boolean {
    return this.where === 'webcontainer';
  }

  async #goTo(boot: Boot): Promise<void> {
    try {
      await this.#session().handOver(boot);
    } catch (error) {
      // Whoever chose the worker meanwhile needs no reasons.
      if (this.choice !== 'worker') this.#failed(asHostFailure(error));
    }
  }

  /** Loaded when wanted: most readers never need it. */
  readonly #bootWebContainer: Boot = async (options) => {
    const { bootWebContainer } = await import('../webcontainer.ts');
    const { needsReload } = await import('./container.ts');
    try {
      const sandbox = await bootWebContainer(options);
      if (this.choice !== 'worker') return sandbox;
      sandbox.close();
      throw new Error('the worker was chosen meanwhile');
    } finally {
      this.needsReload = needsReload();
    }
  };

  #failed({ why, message }: HostFailure): void {
    this.why = why;
    this.raw = message;
    // Who was offline may be back on the next page.
    if (why === 'blocked' && navigator.onLine) rememberBlocked(message);
  }
}
