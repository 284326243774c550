/** Where kubectl runs: a machine of the sandbox, or a real terminal (`lab kubectl`). kubectl touches nothing but this. */

import type { Transport } from '../api/http.ts';
import type { Channel } from '../sim/channel.ts';
import type { Task } from '../sim/task.ts';

export interface KubectlEnvironment {
  readonly pid: number;
  /** Without argv[0]. */
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly files: Files;
  /** Milliseconds since the epoch, for ages. */
  now(): number;
  sleep(ms: number): Task<void>;
  /** Opens the way to a cluster; a fresh `Transport` for one kubeconfig context. */
  connect(cluster: ClusterConnection): Transport;
  /** Runs a program on this terminal ($KUBE_EDITOR, `diff`) and waits for its exit status; 127 if there is none. */
  run(argv: readonly string[]): Task<number>;
  /** Output of a program, for `diff` into our own stdout. */
  onInterrupt(handler: (() => void) | undefined): void;
  /** Loads a module that is seldom needed (help texts); virtual time stands still meanwhile: `outside` of sim/task.ts. */
  load<T>(work: () => Promise<T>): Task<T>;
  /** Listens on an address of this host, for port-forward. Throws Go's words: `listen tcp4 127.0.0.1:80: bind: permission denied`. */
  listen(address: string, port: number, accept: (connection: LocalConnection) => void): Task<LocalListener>;
  /** Letters for temporary file names. */
  randomName(): string;
}

/** One TCP connection that somebody made to this host. */
export interface LocalConnection {
  readonly receive: Channel<Uint8Array>;
  readonly send: Channel<Uint8Array>;
}

export interface LocalListener {
  readonly port: number;
  close(): void;
}

export interface ClusterConnection {
  readonly server: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly certificateAuthority?: Uint8Array;
  readonly clientCertificate?: Uint8Array;
  readonly clientKey?: Uint8Array;
  readonly token?: string;
  /** Milliseconds; 0 is none. */
  readonly requestTimeout?: number;
}

export interface InputStream {
  readonly isTerminal: boolean;
  /** Empty at the end. */
  read(): Task<Uint8Array>;
  /** For exec -t: key strokes one by one, without echo. */
  setRaw?(raw: boolean): void;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string | Uint8Array): Task<void>;
  /** Called when the window changes, until undefined is set. */
  onResize?(handler: (() => void) | undefined): void;
}

/** Throws errors whose message is strerror(3)'s, as Go prints them: `no such file or directory`. */
export interface Files {
  readonly cwd: string;
  readonly home: string;
  read(path: string): Task<Uint8Array>;
  write(path: string, data: Uint8Array | string, mode?: number): Task<void>;
  list(path: string): Task<readonly string[]>;
  stat(
    path: string,
  ): Task<
    { readonly directory: boolean; readonly size: number; readonly mode: number; readonly mtime: number } | undefined
  >;
  makeDirectory(path: string): Task<void>;
  remove(path: string): Task<void>;
}
