/** Starting one container: image, configuration, creation, start, hook, with an event for each (pkg/kubelet/kuberuntime/kuberuntime_container.go, startContainer). */

import type { Container, Pod } from '../api/types.ts';
import type { Image } from '../images/image.ts';
import { Errno } from '../machines/errno.ts';
import { formatDuration } from '../sim/duration.ts';
import { reportFault } from '../sim/faults.ts';
import { sleep, type Task } from '../sim/task.ts';
import { ConfigError, containerEnvironment, expand } from './environment.ts';
import { runHook } from './hooks.ts';
import { ImageError } from './images/manager.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { containerMounts } from './mounts.ts';
import type { PodWorker } from './pod-worker.ts';
import { type ContainerConfig, RuntimeError } from './runtime/containerd.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';

/** What containerd and runc take for a container. */
const CREATE_LATENCY = 25;
const START_LATENCY = 45;

export class ContainerStarter {
  readonly #node: KubeletContext;
  readonly #worker: PodWorker;

  constructor(node: KubeletContext, worker: PodWorker) {
    this.#node = node;
    this.#worker = worker;
  }

  /** Returns how long to wait before it may be tried; 0 if it was, well or not (see the worker's `failures`). */
  *start(container: Container): Task<number> {
    const { failures } = this.#worker;
    const backOff = this.#crashBackOff(container);
    if (backOff > 0) return backOff;
    try {
      yield* this.#run(container);
      failures.delete(container.name);
    } catch (error) {
      failures.set(container.name, this.#explain(container, error));
    }
    return 0;
  }

  /** doBackOff: the first restart is immediate, each later one waits twice as long, from 10 s to 5 min. */
  #crashBackOff(container: Container): number {
    const { clock, crashes, events } = this.#node;
    const { pod, failures } = this.#worker;
    const last = this.#worker.runs(container.name).at(-1);
    if (last?.state !== 'exited') return 0;
    const key = `${pod.metadata.uid}_${container.name}`;
    const remaining = crashes.remaining(key, last.finishedAt, clock.now);
    if (remaining === 0) {
      crashes.next(key, last.finishedAt);
      return 0;
    }
    const full = podName(pod);
    events.container(
      pod,
      container.name,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${full}`,
    );
    failures.set(container.name, {
      reason: 'CrashLoopBackOff',
      message: `back-off ${formatDuration(crashes.delay(key))} restarting failed container=${container.name} pod=${full}`,
    });
    return remaining;
  }

  *#run(container: Container): Task<void> {
    const { clock, events, images, prober, runtime } = this.#node;
    const { pod } = this.#worker;
    const image = yield* images.ensure(pod, container);
    const config = yield* this.#configuration(container, image);
    yield* sleep(clock, CREATE_LATENCY);
    const run = runtime.createContainer(this.#worker.sandbox!, config);
    events.container(pod, container.name, 'Normal', 'Created', 'Container created');
    yield* sleep(clock, START_LATENCY);
    yield* runtime.startContainer(run.id);
    events.container(pod, container.name, 'Normal', 'Started', 'Container started');
    const started = runtime.status(run.id)!;
    prober.watch(pod, container, started);
    yield* this.#postStart(container, started);
  }

  /** A full or broken disk of the node is told as the failed system call. */
  *#configuration(container: Container, image: Image): Task<ContainerConfig> {
    try {
      return yield* this.#configure(container, image);
    } catch (error) {
      throw error instanceof Errno ? new ConfigError(error.message.toLowerCase()) : error;
    }
  }

  *#configure(container: Container, image: Image): Task<ContainerConfig> {
    const { pod } = this.#worker;
    const node = this.#node;
    const ip = this.#worker.address ?? '';
    const variables = containerEnvironment(pod, container, node.environment(pod, ip));
    const value = (name: string) => variables.get(name);
    const last = this.#worker.runs(container.name).at(-1);
    const user = checkedUser(pod, container, image);
    return {
      name: container.name,
      attempt: last ? last.attempt + 1 : 0,
      image,
      imageText: container.image!,
      ...(container.command?.length ? { command: container.command.map((word) => expand(word, value)) } : {}),
      ...(container.args?.length ? { args: container.args.map((word) => expand(word, value)) } : {}),
      env: variables,
      ...(container.workingDir ? { workdir: container.workingDir } : {}),
      ...user,
      tty: container.tty ?? false,
      stdin: container.stdin ?? false,
      stdinOnce: container.stdinOnce ?? false,
      readOnlyRoot: container.securityContext?.readOnlyRootFilesystem ?? false,
      privileged: container.securityContext?.privileged ?? false,
      hostPID: pod.spec!.hostPID ?? false,
      mounts: yield* containerMounts(node, this.#worker, container, value),
      terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
      terminationMessagePolicy: container.terminationMessagePolicy ?? 'File',
    };
  }

  *#postStart(container: Container, run: ContainerStatusRecord): Task<void> {
    const hook = container.lifecycle?.postStart;
    if (!hook) return;
    const { pod } = this.#worker;
    const failure = yield* runHook(this.#node, pod, container, run, hook, 60);
    if (failure === undefined) return;
    const { events, runtime } = this.#node;
    events.container(pod, container.name, 'Warning', 'FailedPostStartHook', `PostStartHook failed`);
    events.container(pod, container.name, 'Normal', 'Killing', 'FailedPostStartHook');
    yield* runtime.stopContainer(run.id, Number(pod.spec!.terminationGracePeriodSeconds ?? 30));
    throw new StartError('PostStartHookError', failure);
  }

  #explain(container: Container, error: unknown): { reason: string; message: string } {
    const { pod } = this.#worker;
    const report = (message: string) =>
      this.#node.events.container(pod, container.name, 'Warning', 'Failed', `Error: ${message}`);
    if (error instanceof ImageError) {
      report(error.reason);
      return { reason: error.reason, message: error.message };
    }
    if (error instanceof ConfigError) {
      report(error.message);
      return { reason: 'CreateContainerConfigError', message: error.message };
    }
    if (error instanceof RuntimeError) {
      report(error.message);
      return {
        reason: error.stage === 'create' ? 'CreateContainerError' : 'RunContainerError',
        message: error.message,
      };
    }
    if (error instanceof StartError) return { reason: error.reason, message: error.message };
    // What the runtime does not answer for: the request runs into its limit.
    reportFault(`container ${container.name} of pod ${podName(pod)}`, error);
    report('context deadline exceeded');
    return { reason: 'CreateContainerError', message: 'context deadline exceeded' };
  }
}

class StartError extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** `name_namespace(uid)` (pkg/kubelet/util/format). */
export const podName = ({ metadata }: Pod): string => `${metadata.name}_${metadata.namespace}(${metadata.uid})`;

/** Who the container runs as; verifyRunAsNonRoot. */
function checkedUser(pod: Pod, container: Container, image: Image): { user?: string; group?: number } {
  const security = { ...pod.spec!.securityContext, ...container.securityContext };
  const user = security.runAsUser === undefined ? image.config.user : String(security.runAsUser);
  const root = user === undefined || user === '' || user === '0' || user === 'root';
  if (security.runAsNonRoot && root) {
    const why = security.runAsUser === undefined ? 'image will run as root' : `runAsUser breaks non-root policy`;
    throw new ConfigError(
      `container has runAsNonRoot and ${why} (pod: "${podName(pod)}", container: ${container.name})`,
    );
  }
  return {
    ...(user === undefined ? {} : { user }),
    ...(security.runAsGroup === undefined ? {} : { group: Number(security.runAsGroup) }),
  };
}
