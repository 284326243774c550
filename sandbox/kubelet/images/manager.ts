/** Gets a container's image onto the node as its pull policy asks, one pull at a time (pkg/kubelet/images/image_manager.go). */

import type { Container, Pod } from '../../api/types.ts';
import type { ImageCatalogue } from '../../images/catalogue.ts';
import { type Image, PullError } from '../../images/image.ts';
import { type ImageReference, InvalidReference, parseReference } from '../../images/reference.ts';
import type { Clock } from '../../sim/clock.ts';
import { formatDuration } from '../../sim/duration.ts';
import type { Random } from '../../sim/random.ts';
import { sleep, type Task } from '../../sim/task.ts';
import { Backoff } from '../backoff.ts';
import type { PodEvents } from '../events.ts';
import { Mutex } from '../mutex.ts';
import type { ImageStore } from './store.ts';

/** Why a container waits for its image: `ErrImagePull`, `ImagePullBackOff` … */
export class ImageError extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Bytes a second through the lab's uplink. */
const BANDWIDTH = 48_000_000;

export class ImageManager {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #events: PodEvents;
  readonly #catalogue: ImageCatalogue;
  readonly #store: ImageStore;
  /** Puts a fresh image's layers on the node's disk. */
  readonly #unpack: (image: Image) => void;
  readonly #backoff = new Backoff(10_000, 300_000);
  readonly #lastErrors = new Map<string, string>();
  readonly #failedAt = new Map<string, number>();
  /** serializeImagePulls. */
  readonly #turn = new Mutex();

  constructor(
    clock: Clock,
    random: Random,
    events: PodEvents,
    catalogue: ImageCatalogue,
    store: ImageStore,
    unpack: (image: Image) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#events = events;
    this.#catalogue = catalogue;
    this.#store = store;
    this.#unpack = unpack;
  }

  /** Throws ImageError. */
  *ensure(pod: Pod, container: Container): Task<Image> {
    const reference = this.#parse(pod, container);
    const present = this.#store.find(reference);
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    const { name } = container;
    if (present && policy !== 'Always') {
      const message = `Container image "${container.image}" already present on machine and can be accessed by the pod`;
      this.#events.container(pod, name, 'Normal', 'Pulled', message);
      return present;
    }
    if (policy === 'Never') {
      const message = `Container image "${container.image}" is not present with pull policy of Never`;
      this.#events.container(pod, name, 'Warning', 'ErrImageNeverPull', message);
      throw new ImageError('ErrImageNeverPull', message);
    }
    return yield* this.#pull(pod, container, reference);
  }

  /** Milliseconds until the next try of a pull that failed. */
  backOff(pod: Pod, container: Container): number {
    const key = keyOf(pod, container);
    return this.#backoff.remaining(key, this.#failedAt.get(key) ?? 0, this.#clock.now);
  }

  #parse(pod: Pod, container: Container): ImageReference {
    try {
      return parseReference(container.image!);
    } catch (error) {
      if (!(error instanceof InvalidReference)) throw error;
      const message = `Failed to apply default image tag "${container.image}": couldn't parse image name "${container.image}": ${error.message}`;
      this.#events.container(pod, container.name, 'Warning', 'InspectFailed', message);
      throw new ImageError('InvalidImageName', message);
    }
  }

  *#pull(pod: Pod, container: Container, reference: ImageReference): Task<Image> {
    const key = keyOf(pod, container);
    const { image, name } = container;
    if (this.backOff(pod, container) > 0) {
      const message = `Back-off pulling image "${image}"`;
      this.#events.container(pod, name, 'Normal', 'BackOff', message);
      throw new ImageError('ImagePullBackOff', `${message}: ErrImagePull: ${this.#lastErrors.get(key)}`);
    }
    this.#events.container(pod, name, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const asked = this.#clock.now;
    try {
      const { pulled, milliseconds } = yield* this.#turn.run(() => this.#timed(reference));
      const took = formatDuration(milliseconds);
      const waited = formatDuration(this.#clock.now - asked);
      const message = `Successfully pulled image "${image}" in ${took} (${waited} including waiting). Image size: ${pulled.size} bytes.`;
      this.#events.container(pod, name, 'Normal', 'Pulled', message);
      this.#backoff.forget(key);
      return pulled;
    } catch (error) {
      if (!(error instanceof PullError)) throw error;
      const text = error.code === 'Unknown' ? error.message : `rpc error: code = ${error.code} desc = ${error.message}`;
      this.#events.container(pod, name, 'Warning', 'Failed', `Failed to pull image "${image}": ${text}`);
      this.#backoff.next(key, this.#clock.now);
      this.#failedAt.set(key, this.#clock.now);
      this.#lastErrors.set(key, text);
      throw new ImageError('ErrImagePull', text);
    }
  }

  /** `crictl pull`, `docker pull`: no events, no back-off. Throws PullError. */
  *transfer(reference: ImageReference): Task<Image> {
    return yield* this.#turn.run(() => this.#transfer(reference));
  }

  *#timed(reference: ImageReference): Task<{ pulled: Image; milliseconds: number }> {
    const begun = this.#clock.now;
    const pulled = yield* this.#transfer(reference);
    return { pulled, milliseconds: this.#clock.now - begun };
  }

  *#transfer(reference: ImageReference): Task<Image> {
    yield* sleep(this.#clock, this.#random.between(280, 520));
    const image = this.#catalogue.resolve(reference);
    if (!this.#store.has(reference)) {
      const seconds = image.size / BANDWIDTH;
      yield* sleep(this.#clock, Math.round(seconds * 1000 * (0.9 + this.#random.fraction() / 5)));
      this.#unpack(image);
      this.#store.add(image);
    }
    return image;
  }
}

const keyOf = (pod: Pod, container: Container): string => `${pod.metadata.uid}_${container.image}`;
