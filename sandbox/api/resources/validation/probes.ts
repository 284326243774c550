/** Probes and lifecycle hooks (validateProbe, validateHandler). */

import type { Container } from '../../types.ts';
import { forbidden, invalid, notSupported, type Problems, required } from './errors.ts';
import { isHTTPHeaderName } from './names.ts';
import { nonNegative, portNumberOrName } from './numbers.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type Lifecycle = NonNullable<Container['lifecycle']>;
type Handler = NonNullable<Lifecycle['preStop']> & Pick<Probe, 'grpc'>;

export function livenessProbe(problems: Problems, probe: Probe, path: string): void {
  check(problems, probe, path);
  successOnce(problems, probe, path);
}

export function startupProbe(problems: Problems, probe: Probe, path: string): void {
  check(problems, probe, path);
  successOnce(problems, probe, path);
}

export function readinessProbe(problems: Problems, probe: Probe, path: string): void {
  check(problems, probe, path);
  if (probe.terminationGracePeriodSeconds !== undefined)
    problems.add(
      invalid(
        `${path}.terminationGracePeriodSeconds`,
        probe.terminationGracePeriodSeconds,
        'must not be set for readinessProbes',
      ),
    );
}

/** `grace` is what the pod has to terminate, in seconds. */
export function lifecycle(
  problems: Problems,
  { postStart, preStop }: Lifecycle,
  grace: number | undefined,
  path: string,
): void {
  if (postStart) handler(problems, postStart, `${path}.postStart`, grace);
  if (preStop) handler(problems, preStop, `${path}.preStop`, grace);
}

function successOnce(problems: Problems, { successThreshold }: Probe, path: string): void {
  if (successThreshold !== undefined && successThreshold !== 1)
    problems.add(invalid(`${path}.successThreshold`, successThreshold, 'must be 1'));
}

const COUNTED = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function check(problems: Problems, probe: Probe, path: string): void {
  handler(problems, probe as Handler, path);
  for (const field of COUNTED) nonNegative(problems, probe[field], `${path}.${field}`);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    problems.add(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
}

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

function handler(problems: Problems, one: Handler, path: string, grace?: number): void {
  const given = KINDS.filter((kind) => one[kind] !== undefined);
  for (const kind of given.slice(1))
    problems.add(forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type'));
  switch (given[0]) {
    case undefined:
      problems.add(required(path, 'must specify a handler type'));
      break;
    case 'exec':
      if (!one.exec?.command?.length) problems.add(required(`${path}.exec.command`));
      break;
    case 'httpGet':
      httpGet(problems, one.httpGet!, `${path}.httpGet`);
      break;
    case 'tcpSocket':
      portNumberOrName(problems, one.tcpSocket?.port, `${path}.tcpSocket.port`);
      break;
    case 'grpc':
      portNumberOrName(problems, one.grpc?.port, `${path}.grpc.port`);
      break;
    case 'sleep': {
      const seconds = one.sleep?.seconds ?? 0;
      if (grace !== undefined && (seconds < 0 || seconds > grace))
        problems.add(
          invalid(
            `${path}.sleep`,
            seconds,
            `must be non-negative and less than terminationGracePeriodSeconds (${grace})`,
          ),
        );
      break;
    }
  }
}

function httpGet(problems: Problems, action: NonNullable<Handler['httpGet']>, path: string): void {
  if (!action.path) problems.add(required(`${path}.path`));
  portNumberOrName(problems, action.port, `${path}.port`);
  if (action.scheme && action.scheme !== 'HTTP' && action.scheme !== 'HTTPS')
    problems.add(notSupported(`${path}.scheme`, action.scheme, ['HTTP', 'HTTPS']));
  for (const { name } of action.httpHeaders ?? [])
    for (const text of isHTTPHeaderName(name)) problems.add(invalid(`${path}.httpHeaders`, name, text));
}
