/** The API server's way to the kubelets: logs, exec, attach and port-forward of pods, by node (pkg/registry/core/pod/strategy.go, rest/log.go). */

import { Channel } from '../../sim/channel.ts';
import { authenticate } from '../authenticator/authenticate.ts';
import { badRequest, failure, internal, notFound } from '../errors.ts';
import { finish, newSession } from '../exec-session.ts';
import type {
  ApiRequest,
  ApiResponse,
  ContainerTarget,
  ExecSession,
  ExecStreams,
  KubeletError,
  KubeletServer,
  PortForwardStream,
} from '../http.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourcePath } from '../server/request.ts';
import { flag, parameter, parameters, resourcePath, wholeNumber } from '../server/request.ts';
import { statusResponse, text } from '../server/response.ts';
import type { Node, Pod } from '../types.ts';

const KUBELET_PORT = 10250;

export class Kubelets {
  readonly #registry: Registry;
  readonly #servers = new Map<string, KubeletServer>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Undefined takes it away: the node no longer answers. */
  register(node: string, server: KubeletServer | undefined): void {
    if (server) this.#servers.set(node, server);
    else this.#servers.delete(node);
  }

  logs(request: ApiRequest, path: ResourcePath): ApiResponse {
    const pod = this.#pod(path);
    const target = targetOf(pod, parameter(request, 'container'));
    if (!pod.spec?.nodeName) return text(200, '', 'text/plain');
    const server = this.#server(
      pod,
      `containerLogs/${path.namespace}/${path.name}/${target.container}${logQuery(request)}`,
    );
    // A stream that is only read through says Go's error as it is (rest.LocationStreamer).
    if (server instanceof Unanswered) throw failure(500, '', `Get "${server.url}": ${server.silence}`);
    const answer = server.logs(target, {
      follow: flag(request, 'follow'),
      previous: flag(request, 'previous'),
      timestamps: flag(request, 'timestamps'),
      ...numeric(request, 'sinceSeconds'),
      ...numeric(request, 'tailLines'),
      ...numeric(request, 'limitBytes'),
      ...(parameter(request, 'sinceTime') && { sinceTime: parameter(request, 'sinceTime')! }),
    });
    if (isRefused(answer)) throw refusal(answer);
    return { status: 200, headers: [['content-type', 'text/plain']], body: answer };
  }

  exec(request: ApiRequest): ExecSession | ApiResponse {
    return answered(() => {
      const path = resourcePath(request.path)!;
      this.#admit(request, path);
      const pod = this.#pod(path);
      const target = targetOf(pod, parameter(request, 'container'));
      const streams: ExecStreams = {
        stdin: flag(request, 'stdin'),
        stdout: flag(request, 'stdout'),
        stderr: flag(request, 'stderr'),
        tty: flag(request, 'tty'),
      };
      const server = this.#server(
        pod,
        `${path.subresource}/${path.namespace}/${path.name}/${target.container}${streamQuery(request, streams)}`,
      );
      if (server instanceof Unanswered) return translated(request, server);
      if (path.subresource === 'attach') return translated(request, server.attach(target, streams));
      const command = parameters(request, 'command');
      if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
      return translated(request, server.exec(target, command, streams));
    });
  }

  portForward(request: ApiRequest, port: number): PortForwardStream | ApiResponse {
    return answered(() => {
      const path = resourcePath(request.path)!;
      const pod = this.#pod(path);
      const server = this.#dialed(pod, `portForward/${path.namespace}/${path.name}`);
      return orText(server.portForward(path.namespace, path.name, port));
    });
  }

  /** Asked once a connection, before its ports. */
  refusesPortForward(request: ApiRequest): ApiResponse | undefined {
    return answered(() => {
      const path = resourcePath(request.path)!;
      this.#admit(request, path);
      this.#dialed(this.#pod(path), `portForward/${path.namespace}/${path.name}`);
      return undefined;
    });
  }

  /** A connection is admitted as a write is, with what was asked for in place of an object (endpoints/handlers/rest.go, ConnectResource). */
  #admit(request: ApiRequest, { namespace, name, subresource }: ResourcePath): void {
    const { resource, apiVersion } = this.#registry.get('pods');
    this.#registry.admission.review({
      operation: 'CONNECT',
      resource,
      subresource,
      namespace,
      name,
      object: connectOptions(request, resource.subresources![subresource]!.kind, apiVersion),
      oldObject: undefined,
      user: authenticate(this.#registry, request),
    });
  }

  #pod({ namespace, name }: ResourcePath): Pod {
    const pod = this.#registry.get('pods').collection.get(namespace, name) as Pod | undefined;
    if (!pod) throw notFound({ group: '', name: 'pods' }, name);
    return pod;
  }

  /** The kubelet of the pod's node; `path` is what is asked of it. */
  #server(pod: Pod, path: string): KubeletServer | Unanswered {
    const node = pod.spec?.nodeName;
    if (!node) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    const object = this.#registry.get('nodes').collection.get('', node) as Node | undefined;
    if (!object) throw notFound({ group: '', name: 'nodes' }, node);
    const server = this.#servers.get(node);
    const silence = server?.unreachable();
    if (server && silence === undefined) return server;
    const known = object.status?.addresses ?? [];
    const address = known.find(({ type }) => type === 'InternalIP')?.address;
    if (!address)
      throw failure(
        500,
        '',
        `no preferred addresses found; known addresses: [${known.map(({ type, address }) => `{${type} ${address}}`).join(' ')}]`,
      );
    return new Unanswered(
      `https://${address}:${KUBELET_PORT}/${path}`,
      silence ?? `dial tcp ${address}:${KUBELET_PORT}: connect: connection refused`,
    );
  }

  /** UpgradeAwareHandler passes a connection through, and tells why there is none. */
  #dialed(pod: Pod, path: string): KubeletServer {
    const server = this.#server(pod, path);
    if (server instanceof Unanswered) throw failure(500, '', `error dialing backend: ${server.silence}`);
    return server;
  }
}

/** PodExecOptions, PodAttachOptions, PodPortForwardOptions: what the query says. */
function connectOptions(request: ApiRequest, kind: string, apiVersion: string): KubeObject {
  const command = parameters(request, 'command');
  const container = parameter(request, 'container');
  const ports = parameters(request, 'ports').map(Number);
  const streams = ['stdin', 'stdout', 'stderr', 'tty'].filter((name) => flag(request, name));
  return {
    kind,
    apiVersion,
    ...Object.fromEntries(streams.map((name) => [name, true])),
    ...(container && { container }),
    ...(command.length > 0 && { command }),
    ...(ports.length > 0 && { ports }),
  } as unknown as KubeObject;
}

/** The container meant: the one named, or the only one, or the pod's default. */
function targetOf({ metadata, spec }: Pod, container: string | undefined): ContainerTarget {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const all = [
    ...names,
    ...(spec?.initContainers ?? []).map(({ name }) => name),
    ...(spec?.ephemeralContainers ?? []).map(({ name }) => name),
  ];
  const asked = container || metadata.annotations?.['kubectl.kubernetes.io/default-container'] || '';
  if (!asked && names.length !== 1) {
    const inits = (spec?.initContainers ?? []).map(({ name }) => name);
    const or = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]${or}`,
    );
  }
  const chosen = asked || names[0]!;
  if (!all.includes(chosen)) throw badRequest(`container ${chosen} is not valid for pod ${metadata.name}`);
  return { namespace: metadata.namespace ?? '', pod: metadata.name, uid: metadata.uid, container: chosen };
}

/** What of an exec or attach goes on to the kubelet (streamParams), in the order of url.Values.Encode. */
function streamQuery(request: ApiRequest, { stdin, stdout, stderr, tty }: ExecStreams): string {
  const words = parameters(request, 'command').map(
    (word) => `command=${encodeURIComponent(word).replaceAll('%20', '+')}`,
  );
  const flags = { error: stderr, input: stdin, output: stdout, tty };
  const asked = Object.entries(flags).flatMap(([name, wanted]) => (wanted ? [`${name}=1`] : []));
  const query = [...words, ...asked].join('&');
  return query && `?${query}`;
}

/** The options that go on to the kubelet, in the order of url.Values.Encode. */
function logQuery(request: ApiRequest): string {
  const passed = ['follow', 'limitBytes', 'previous', 'sinceSeconds', 'sinceTime', 'tailLines', 'timestamps'];
  const given = passed.flatMap((name) => {
    const value = parameter(request, name);
    return value ? [`${name}=${encodeURIComponent(value)}`] : [];
  });
  return given.length > 0 ? `?${given.join('&')}` : '';
}

function numeric<K extends 'sinceSeconds' | 'tailLines' | 'limitBytes'>(
  request: ApiRequest,
  name: K,
): { [key in K]?: number } {
  const value = wholeNumber(request, name);
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: number };
}

const isRefused = (answer: unknown): answer is KubeletError =>
  typeof answer === 'object' && answer !== null && 'status' in answer && 'message' in answer;

/** genericrest.NewGenericHttpResponseChecker. */
function refusal({ status, message }: KubeletError): StatusError {
  if (status === 500) return internal(message);
  if (status === 400) return badRequest(message);
  return failure(status, status === 404 ? 'NotFound' : '', message);
}

/**
 * Clients that speak the protocol's fifth version are served by the API server itself, which is a client of the kubelet's fourth: a
 * failure that is no exit code is wrapped once more (apiserver pkg/util/proxy/streamtranslator.go). Older ones hear the kubelet.
 */
function translated(request: ApiRequest, session: ExecSession | KubeletError | Unanswered): ExecSession | ApiResponse {
  const { upgrade, 'sec-websocket-protocol': offered = '' } = request.headers;
  const passedThrough = upgrade !== undefined && !offered.includes('v5.channel.k8s.io');
  if (session instanceof Unanswered) {
    if (passedThrough) throw failure(500, '', `error dialing backend: ${session.silence}`);
    return failed(`error sending request: Post "${session.url}": ${session.silence}`);
  }
  if (isRefused(session)) {
    if (passedThrough) return text(session.status, session.message);
    return failed(`unable to upgrade connection: ${session.message}`);
  }
  if (passedThrough) return session;
  const done: ExecSession['done'] = new Channel();
  session.done.listen(() => {
    const end = session.done.take();
    if (!end) return;
    done.push(end.error === undefined ? end : { ...end, error: internal(end.error).message });
    done.close();
  });
  return { ...session, done };
}

/** The client's connection has been upgraded by then: it is told on its error stream. */
function failed(why: string): ExecSession {
  const session = newSession();
  finish(session, { error: internal(why).message });
  return session;
}

/** A kubelet that does not answer: where it would, and what Go says of it. */
class Unanswered {
  readonly url: string;
  readonly silence: string;

  constructor(url: string, silence: string) {
    this.url = url;
    this.silence = silence;
  }
}

const orText = <T extends object>(answer: T | KubeletError): T | ApiResponse =>
  isRefused(answer) ? text(answer.status, answer.message) : answer;

function answered<T>(act: () => T): T | ApiResponse {
  try {
    return act();
  } catch (error) {
    if (error instanceof StatusError) return statusResponse(error.status, undefined);
    throw error;
  }
}
