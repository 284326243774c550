/** One container that does not run, and the states it is reported in. */

import type { Container, ContainerStatus } from '../../api/types.ts';
import { digestOf } from '../../images/digest.ts';
import type { Random } from '../../sim/random.ts';
import { type Behaviour, behaviourOf, nameOf, withTag } from './guesses.ts';
import { TIMING } from './timing.ts';

export class ContainerRun {
  readonly container: Container;
  readonly behaviour: Behaviour;
  restarts = 0;
  exitCode = 0;
  #state: NonNullable<ContainerStatus['state']> = { waiting: { reason: 'ContainerCreating' } };
  #lastState: NonNullable<ContainerStatus['lastState']> = {};
  #id: string | undefined;
  #startedAt = '';
  #backoff: number = TIMING.firstRestart;

  constructor(container: Container) {
    this.container = container;
    this.behaviour = behaviourOf(container);
  }

  get running(): boolean {
    return this.#state.running !== undefined;
  }

  get ready(): boolean {
    return this.running;
  }

  get ended(): boolean {
    return this.#state.terminated !== undefined;
  }

  nextRestart(): number {
    const wait = this.#backoff;
    this.#backoff = Math.min(wait * 2, TIMING.longestRestart);
    return wait;
  }

  created(random: Random): void {
    this.#id = `containerd://${random.hex(64)}`;
  }

  start(now: string): void {
    this.#startedAt = now;
    this.#state = { running: { startedAt: now } };
  }

  end(now: string, exitCode: number): void {
    this.exitCode = exitCode;
    this.#state = {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: this.#startedAt,
        finishedAt: now,
        ...(this.#id && { containerID: this.#id }),
      },
    };
  }

  wait(reason: string, message: string): void {
    if (this.#state.terminated) this.#lastState = this.#state;
    this.#state = { waiting: { reason, message } };
  }

  status(): ContainerStatus {
    const { image = '', name } = this.container;
    return {
      name,
      state: this.#state,
      lastState: this.#lastState,
      ready: this.ready,
      restartCount: this.restarts,
      image: this.#id ? withTag(image) : image,
      imageID: this.#id ? `docker.io/library/${nameOf(image)}@${digestOf(image)}` : '',
      ...(this.#id && { containerID: this.#id }),
      started: this.running,
    };
  }
}
