/** What a kubelet serves to the API server: exec, attach, logs and port-forward of its pods (pkg/kubelet/server/server.go). */

import type {
  ContainerTarget,
  ExecSession,
  ExecStreams,
  KubeletError,
  KubeletServer,
  LogOptions,
  PortForwardStream,
} from '../api/http.ts';
import type { Pod } from '../api/types.ts';
import { Errno } from '../machines/errno.ts';
import { Channel } from '../sim/channel.ts';
import { Coroutine, type Task } from '../sim/task.ts';
import type { Kubelet } from './kubelet.ts';
import { openLogs } from './logs.ts';
import { attach } from './runtime/attach.ts';
import { type Container, unavailable } from './runtime/containerd.ts';
import { openExec } from './runtime/exec.ts';

export class KubeletEndpoints implements KubeletServer {
  readonly #kubelet: Kubelet;

  constructor(kubelet: Kubelet) {
    this.#kubelet = kubelet;
  }

  exec(target: ContainerTarget, command: readonly string[], streams: ExecStreams): ExecSession | KubeletError {
    const found = this.#running(target);
    return 'status' in found ? found : openExec(this.#kubelet.runtime, found.container, command, streams);
  }

  attach(target: ContainerTarget, streams: ExecStreams): ExecSession | KubeletError {
    const found = this.#running(target);
    return 'status' in found ? found : attach(this.#kubelet.runtime, found.container, streams);
  }

  /** GetContainerLogs: the current run, or with `previous` the one before it. */
  logs(target: ContainerTarget, options: LogOptions): string | Channel<string> | KubeletError {
    const refused = this.#silent();
    if (refused) return refused;
    const { uid, pod, namespace, container } = target;
    const worker = this.#kubelet.worker(namespace, pod);
    const runs = this.#kubelet.runtime.runs(uid, container);
    const of = `container "${container}" in pod "${pod}"`;
    if (runs.length === 0) {
      // validateContainerLogStatus (pkg/kubelet/kubelet_pods.go).
      const state = worker?.stateOf(container);
      const reason = state?.waiting?.reason ?? 'ContainerCreating';
      let message = `${of} is waiting to start: ${/Image/.test(reason) ? imageTrouble(reason) : reason}`;
      const last = endedRun(worker?.pod, container);
      if (last && !options.previous) return `unable to retrieve container logs for ${last}`;
      if (options.previous) message = `previous terminated ${of} not found`;
      else if (state?.terminated) message = `${of} is terminated`;
      return { status: 400, message };
    }
    const { runtime } = this.#kubelet;
    if (runtime.silence !== undefined) return `unable to retrieve container logs for containerd://${runs.at(-1)!.id}`;
    const last = runs.at(-1)!;
    const run = options.previous ? (last.state === 'exited' ? last : runs.at(-2)) : last;
    if (!run) return { status: 400, message: `previous terminated ${of} not found` };
    return openLogs(this.#kubelet.runtime, run, options);
  }

  portForward(namespace: string, pod: string, port: number): PortForwardStream | KubeletError {
    const refused = this.#silent();
    if (refused) return refused;
    const speechless = this.#speechless();
    if (speechless) return speechless;
    const worker = this.#kubelet.worker(namespace, pod);
    const ip = worker?.address;
    if (!worker?.sandbox?.ready || ip === undefined)
      return { status: 500, message: `unable to do port forwarding: pod is not running` };
    const stream: PortForwardStream = { send: new Channel(), receive: new Channel(), error: new Channel() };
    new Coroutine(this.#kubelet.clock, this.#forward(stream, ip, port, worker.sandbox.id));
    return stream;
  }

  *#forward(stream: PortForwardStream, ip: string, port: number, sandbox: string): Task<void> {
    const { network } = this.#kubelet.runtime.machine;
    try {
      const connection = yield* network.connect(this.#kubelet.address, ip, port);
      new Coroutine(this.#kubelet.clock, copy(stream.send, connection.send));
      yield* copy(connection.receive, stream.receive);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      // containerd names the sandbox where the kubelet would name the pod.
      stream.error.push(
        `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace "/var/run/netns/cni-${sandbox.slice(0, 8)}": failed to connect to localhost:${port} inside namespace "${sandbox}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `,
      );
    } finally {
      stream.receive.close();
      stream.error.close();
    }
  }

  #running(target: ContainerTarget): { container: Container } | KubeletError {
    const refused = this.#silent();
    if (refused) return refused;
    const speechless = this.#speechless();
    if (speechless) return speechless;
    const container = this.#kubelet.runtime.runs(target.uid, target.container).at(-1);
    if (container?.state === 'running') return { container };
    return { status: 500, message: `container not found ("${target.container}")` };
  }

  /** The runtime does not answer: its error goes through (cri-streaming's WriteError). */
  #speechless(): KubeletError | undefined {
    const { runtime } = this.#kubelet;
    return runtime.silence === undefined ? undefined : { status: 500, message: unavailable(runtime.machine) };
  }

  unreachable(): string | undefined {
    const { running, address, runtime } = this.#kubelet;
    if (running && runtime.machine.up) return undefined;
    return `dial tcp ${address}:10250: connect: ${runtime.machine.up ? 'connection refused' : 'no route to host'}`;
  }

  #silent(): KubeletError | undefined {
    const reason = this.unreachable();
    return reason === undefined ? undefined : { status: 500, message: `error dialing backend: ${reason}` };
  }
}

/** The container that its status still names, though the runtime has forgotten it (kuberuntime GetContainerLogs). */
const endedRun = (pod: Pod | undefined, name: string): string | undefined =>
  pod?.status?.containerStatuses?.find((one) => one.name === name && one.state?.terminated)?.containerID;

function* copy(from: Channel<Uint8Array>, to: Channel<Uint8Array>): Task<void> {
  for (let data = yield* from.next(); data; data = yield* from.next()) to.push(data);
  to.close();
}

/** validateContainerLogStatus of pkg/kubelet/kubelet_pods.go. */
const imageTrouble = (reason: string): string =>
  reason === 'ImagePullBackOff'
    ? 'trying and failing to pull image'
    : reason === 'ErrImagePull'
      ? "image can't be pulled"
      : reason;
