/** Lifecycle hooks and probe actions: a command in the container, an HTTP request, a TCP connection, or a sleep (pkg/kubelet/lifecycle/handlers.go, pkg/kubelet/prober/prober.go). */

import type { Container, Pod } from '../api/types.ts';
import { formatDuration } from '../sim/duration.ts';
import { sleep, type Task } from '../sim/task.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { connectTcp, httpGet } from './network.ts';
import type { Probe, ProbeResult } from './probes.ts';
import { unavailable } from './runtime/containerd.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';

type Hook = NonNullable<NonNullable<Container['lifecycle']>['preStop']>;
type HttpGet = NonNullable<Probe['httpGet']>;

/** Returns why it failed; undefined if it did not. */
export function* runHook(
  node: KubeletContext,
  pod: Pod,
  container: Container,
  run: ContainerStatusRecord,
  hook: Hook,
  seconds: number,
): Task<string | undefined> {
  if (hook.sleep) {
    yield* sleep(node.clock, Number(hook.sleep.seconds) * 1000);
    return undefined;
  }
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    const result = yield* node.runtime.execSync(run.id, command, seconds * 1000);
    if (result.timedOut) return `command "${command.join(' ')}" timed out`;
    if (result.exitCode === 0) return undefined;
    return `rpc error: code = Unknown desc = command '${command.join(' ')}' exited with ${result.exitCode}: ${result.output}`;
  }
  if (hook.httpGet) {
    const result = yield* probeHttp(node, pod, container, hook.httpGet, seconds * 1000);
    return result.success ? undefined : result.output;
  }
  return undefined;
}

export function* runProbe(
  node: KubeletContext,
  pod: Pod,
  container: Container,
  run: ContainerStatusRecord,
  probe: Probe,
): Task<ProbeResult> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec) {
    const command = probe.exec.command ?? [];
    const { runtime } = node;
    // What could not be asked is no answer: the result is thrown away (prober/worker.go, doProbe).
    if (runtime.silence !== undefined) return { output: unavailable(runtime.machine) };
    const { exitCode, output, timedOut, error } = yield* node.runtime.execSync(run.id, command, timeout);
    if (error !== undefined) return { success: false, output: error };
    if (timedOut)
      return {
        success: false,
        output: `command timed out: "${command.join(' ')}" timed out after ${formatDuration(timeout)}`,
      };
    return { success: exitCode === 0, output };
  }
  if (probe.httpGet) return yield* probeHttp(node, pod, container, probe.httpGet, timeout);
  const port = probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  const address = `${probe.tcpSocket?.host || node.runtime.addressOf(run.id)}:${portNumber(container, port)}`;
  const refused = yield* connectTcp(node, address);
  return { success: refused === undefined, output: refused ?? '' };
}

function* probeHttp(
  node: KubeletContext,
  pod: Pod,
  container: Container,
  { host, path = '/', port, scheme = 'HTTP', httpHeaders = [] }: HttpGet,
  timeout: number,
): Task<ProbeResult> {
  const name = host || (pod.spec!.hostNetwork ? node.address : node.runtime.podAddress(pod.metadata.uid));
  const url = `${scheme.toLowerCase()}://${name}:${portNumber(container, port)}${path.startsWith('/') ? path : `/${path}`}`;
  const answer = yield* httpGet(node, url, httpHeaders, timeout);
  if ('error' in answer) return { success: false, output: `Get "${url}": ${answer.error}` };
  const success = answer.status >= 200 && answer.status < 400;
  return { success, output: success ? answer.body : `HTTP probe failed with statuscode: ${answer.status}` };
}

/** A number, or the name of one of the container's ports. */
function portNumber(container: Container, port: unknown): number {
  const named = container.ports?.find((one) => one.name === String(port));
  return named?.containerPort ?? Number(port);
}
