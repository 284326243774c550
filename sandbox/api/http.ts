/** The Kubernetes HTTP API as plain values: what a kubectl sends and what the API server answers. Sockets live in sandbox/hosts. */

import type { Channel } from '../sim/channel.ts';
import type { Task } from '../sim/task.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD';
  /** Without the query: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  /** In order; a name may repeat (`command=ls&command=-la`). */
  readonly query: readonly (readonly [string, string])[];
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a request for a resource may bring along: 3 MiB (apiserver pkg/server/config.go, MaxRequestBodyBytes). */
export const BODY_LIMIT = 3 * 1024 * 1024;

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names; several `Warning` values are several entries. */
  readonly headers: readonly (readonly [string, string])[];
  /** A string is the whole body; a channel is a stream of chunks (watch: one JSON line each; log -f: text). Cancel it to hang up. */
  readonly body: string | Channel<string>;
  /**
   * What a long JSON body says, for a client in the same world: written and read again it would be the same. It belongs to
   * the server, so nobody changes it; without it there is only the body.
   */
  readonly value?: unknown;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A running exec or attach: the streams of the remotecommand protocol. */
export interface ExecSession {
  readonly stdin: Channel<Uint8Array>;
  readonly stdout: Channel<Uint8Array>;
  /** Empty with a tty. */
  readonly stderr: Channel<Uint8Array>;
  readonly resize: Channel<TerminalSize>;
  /** One item: how it ended. `exitCode` is undefined when the session could not run at all. */
  readonly done: Channel<{ readonly exitCode?: number; readonly error?: string }>;
}

/** One TCP connection through port-forward. */
export interface PortForwardStream {
  readonly send: Channel<Uint8Array>;
  readonly receive: Channel<Uint8Array>;
  readonly error: Channel<string>;
}

/** The API server as a request handler. They answer at once: waiting is inside the streams. */
export interface ApiServer {
  handle(request: ApiRequest): ApiResponse;
  /** `/exec` and `/attach` of a pod; a response instead of a session when refused. */
  exec(request: ApiRequest): ExecSession | ApiResponse;
  portForward(request: ApiRequest, port: number): PortForwardStream | ApiResponse;
  /** Why nothing can be forwarded to this pod, whatever the port; known before a client's connection is upgraded. */
  refusesPortForward(request: ApiRequest): ApiResponse | undefined;
}

/** A client's way to an API server: in the sandbox through virtual time, in `lab kubectl` through real HTTP. Throws TransportError. */
export interface Transport {
  /** For messages: `https://192.168.120.231:6443`. */
  readonly server: string;
  request(request: ApiRequest): Task<ApiResponse>;
  exec(request: ApiRequest): Task<ExecSession | ApiResponse>;
  portForward(request: ApiRequest): Task<PortForwardConnection | ApiResponse>;
}

/** A client's connection for port-forward: any number of streams to the ports of one pod. */
export interface PortForwardConnection {
  open(port: number): PortForwardStream;
  /** Closed once the other end is gone. */
  readonly lost: Channel<never>;
  close(): void;
}

/** No connection: `message` reads as Go's (`dial tcp 127.0.0.1:1: connect: connection refused`). */
export class TransportError extends Error {}

/** What a kubelet serves to the API server, by node name (exec, attach, logs, port-forward). Errors are answered as plain text with a status. */
export interface KubeletServer {
  exec(target: ContainerTarget, command: readonly string[], streams: ExecStreams): ExecSession | KubeletError;
  attach(target: ContainerTarget, streams: ExecStreams): ExecSession | KubeletError;
  logs(target: ContainerTarget, options: LogOptions): string | Channel<string> | KubeletError;
  portForward(namespace: string, pod: string, port: number): PortForwardStream | KubeletError;
  /** What Go says to whoever dials it while it does not answer: `dial tcp ADDRESS:10250: connect: no route to host`. */
  unreachable(): string | undefined;
}

export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

export interface ExecStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface LogOptions {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

export interface KubeletError {
  readonly status: number;
  readonly message: string;
}
