/** One run of kubectl: its streams, flags and, when first needed, its cluster. Every command gets one. */

import type { Transport } from '../api/http.ts';
import type { Task } from '../sim/task.ts';
import { type CommandError, ConnectionError, usageError } from './cli/errors.ts';
import type { Flags } from './cli/flags.ts';
import { ApiClient } from './client/client.ts';
import { discover, RememberingMapper } from './client/mapper.ts';
import { Remembered } from './client/remembered.ts';
import { LEVELS, logFeatureGates, VerboseTransport } from './client/verbose.ts';
import { checkServerVersion } from './client/version.ts';
import { resolveTarget, type Target } from './config/connection.ts';
import { type Kubeconfig, loadConfig } from './config/kubeconfig.ts';
import type { KubectlEnvironment } from './environment.ts';

export class Session {
  readonly environment: KubectlEnvironment;
  readonly flags: Flags;
  readonly args: readonly string[];
  /** `kubectl create deployment`. */
  readonly path: string;
  #config: Kubeconfig | undefined;
  #target: Target | undefined;
  #client: ApiClient | undefined;
  #mapper: RememberingMapper | undefined;
  #remembered: Remembered | undefined;
  readonly #warnings: string[] = [];

  constructor(environment: KubectlEnvironment, flags: Flags, path: string) {
    this.environment = environment;
    this.flags = flags;
    this.args = flags.args;
    this.path = path;
  }

  *out(text: string): Task<void> {
    yield* this.flushWarnings();
    if (text !== '') yield* this.environment.stdout.write(text);
  }

  *err(text: string): Task<void> {
    yield* this.flushWarnings();
    if (text !== '') yield* this.environment.stderr.write(text);
  }

  /** Warnings of answers go out in order with everything else. */
  *flushWarnings(): Task<void> {
    while (this.#warnings.length > 0) yield* this.environment.stderr.write(this.#warnings.shift()!);
  }

  usage(message: string): CommandError {
    return usageError(this.path, message);
  }

  *config(): Task<Kubeconfig> {
    if (this.#config) return this.#config;
    this.#config = yield* loadConfig(this.environment, this.flags.string('kubeconfig'));
    if (this.verbosity >= LEVELS.response)
      for (const file of new Set(this.#config.origins.values()))
        yield* this.err(`${this.klog('I', 'loader.go:405')} Config loaded from file:  ${file}\n`);
    return this.#config;
  }

  *target(): Task<Target> {
    this.#target ??= yield* resolveTarget(this.environment, yield* this.config(), this.flags);
    return this.#target;
  }

  *namespace(): Task<string> {
    return (yield* this.target()).namespace;
  }

  /** What was learned of the server is there for the next command. */
  *close(): Task<void> {
    if (this.#mapper?.isRenewed) yield* this.#remembered!.write(this.#mapper);
  }

  #warn(text: string): void {
    this.#warnings.push(`${this.#warningLabel()} ${text}\n`);
  }

  *client(): Task<ApiClient> {
    if (!this.#client) {
      const { connection } = yield* this.target();
      const transport = yield* this.#logging(this.environment.connect(connection));
      this.#client = new ApiClient(transport, this.#headers(), (text) => this.#warn(text));
      if (this.flags.bool('match-server-version')) yield* checkServerVersion(this.#client);
    }
    return this.#client;
  }

  /** The same way, with a word on each request where `-v` asks for it. */
  *#logging(transport: Transport): Task<Transport> {
    const log = (place: string, text: string) => this.err(`${this.klog('I', place)} ${text}\n`);
    if (this.verbosity >= LEVELS.gates) yield* logFeatureGates(log);
    if (this.verbosity < LEVELS.response) return transport;
    return new VerboseTransport(transport, this.verbosity, log, () => this.environment.now());
  }

  /** Discovery; a server that cannot be reached is complained about as klog does, five times (client-go memory cache). */
  *mapper(): Task<RememberingMapper> {
    if (this.#mapper) return this.#mapper;
    const client = yield* this.client();
    try {
      const now = yield* discover(client);
      this.#remembered = new Remembered(this.environment, client.server, this.flags.string('cache-dir'));
      const before = yield* this.#remembered.read(now);
      this.#mapper = new RememberingMapper(before, now, (text) => this.#warn(text));
    } catch (error) {
      if (error instanceof ConnectionError) {
        const why = `couldn't get current server API group list: Get \\"${error.url}\\": ${error.message.replaceAll('"', '\\"')}`;
        for (let i = 0; i < 5; i++)
          yield* this.err(`${this.klog('E', 'memcache.go:265')} "Unhandled Error" err="${why}"\n`);
      }
      throw error;
    }
    return this.#mapper;
  }

  /** The head of a klog line: severity, date, time, process and place. */
  klog(severity: 'E' | 'F' | 'I' | 'W', place: string): string {
    const now = new Date(this.environment.now());
    const iso = now.toISOString();
    const clock = `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000`;
    return `${severity}${clock} ${String(this.environment.pid).padStart(7)} ${place}]`;
  }

  /** `-v`. */
  get verbosity(): number {
    return this.flags.int('v');
  }

  get warnings(): number {
    return this.#client?.warnings ?? 0;
  }

  #warningLabel(): string {
    const { stderr, env } = this.environment;
    const color = stderr.isTerminal && env.get('TERM') !== 'dumb' && !env.get('NO_COLOR');
    return color ? '\x1b[33;1mWarning:\x1b[0m' : 'Warning:';
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { 'user-agent': 'kubectl/v1.35.2 (linux/amd64) kubernetes/fdc9d74' };
    const { user, connection } = this.#target!;
    if (user.as) headers['impersonate-user'] = user.as;
    if (user['as-uid']) headers['impersonate-uid'] = user['as-uid'];
    const groups = user['as-groups'] ?? [];
    if (groups.length > 0) headers['impersonate-group'] = groups.join(',');
    for (const [key, values] of Object.entries(user['as-user-extra'] ?? {}))
      headers[`impersonate-extra-${encodeURIComponent(key)}`.toLowerCase()] = values.join(',');
    // Of the two, TLS is first; in the lab a certificate travels as RFC 9440 has it.
    if (connection.clientCertificate) headers['client-cert'] = `:${pemBody(connection.clientCertificate)}:`;
    else if (connection.token) headers.authorization = `Bearer ${connection.token}`;
    return headers;
  }
}

/** What stands between a certificate's dashes. */
const pemBody = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes)
    .replace(/-----[^-]*-----/g, '')
    .replace(/\s+/g, '');
