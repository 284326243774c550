/** `kubectl port-forward`: which pod, which ports (kubectl pkg/cmd/portforward/portforward.go). */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { forwardPorts, type Ports } from '../port-forward/forwarder.ts';
import { findAll } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import { quote } from '../text.ts';
import { attachablePod, podSpec, podStatus } from './pods.ts';

export const portForward: Command = {
  name: 'port-forward',
  flags: 'address=[localhost] pod-running-timeout=1m0s',
  complete: 'pods',
  *run(session) {
    const { flags, args } = session;
    if (args.length < 2) throw session.usage('TYPE/NAME and list of ports are required for port-forward');
    const pod = yield* attachablePod(session, args[0]!, flags.duration('pod-running-timeout'));
    const phase = podStatus(pod).phase;
    if (phase !== 'Running')
      throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
    const service = /^(svc|services?)\//.test(args[0]!)
      ? (yield* findAll(session, { args: [args[0]!] }))[0]?.object
      : undefined;
    const ports = args.slice(1).map((spec) => parsePort(spec, pod, service));
    yield* forwardPorts(session, pod, ports);
  },
};

function parsePort(spec: string, pod: KObject, service: KObject | undefined): Ports {
  // splitPort: whatever has not two parts is its first one.
  const parts = spec.split(':');
  const [first = '', second] = parts.length === 2 ? parts : parts.slice(0, 1);
  const wanted = second ?? first;
  const remote = /^\d+$/.test(wanted) ? targetOf(Number(wanted), service, pod) : namedTarget(wanted, service, pod);
  if (remote === 0) throw new CommandError('remote port must be > 0');
  const local = second === undefined ? (/^\d+$/.test(first) ? Number(first) : remote) : Number(first || 0);
  if (Number.isNaN(local) || local > 65_535)
    throw new CommandError(
      `error parsing local port '${first}': strconv.ParseUint: parsing ${quote(first)}: ${Number.isNaN(local) ? 'invalid syntax' : 'value out of range'}`,
    );
  return { local, remote };
}

function namedTarget(name: string, service: KObject | undefined, pod: KObject): number {
  if (!service) return named(name, pod);
  const { ports = [] } = service.spec as { ports?: { name?: string; port: number }[] };
  const found = ports.find((port) => port.name === name);
  if (!found) throw new CommandError(`Service '${service.metadata?.name}' does not have a named port '${name}'`);
  return targetOf(found.port, service, pod);
}

/** A service's port leads to its target port. */
function targetOf(port: number, service: KObject | undefined, pod: KObject): number {
  if (!service) return port;
  const { ports = [] } = service.spec as { ports?: { port: number; targetPort?: number | string }[] };
  const found = ports.find((p) => p.port === port);
  if (!found) throw new CommandError(`Service ${service.metadata?.name} does not have a service port ${port}`);
  return typeof found.targetPort === 'string' ? named(found.targetPort, pod) : (found.targetPort ?? port);
}

function named(name: string, pod: KObject): number {
  const port = podSpec(pod)
    .containers.flatMap((c) => c.ports ?? [])
    .find((p) => p.name === name);
  if (!port) throw new CommandError(`Pod '${pod.metadata?.name}' does not have a named port '${name}'`);
  return port.containerPort;
}
