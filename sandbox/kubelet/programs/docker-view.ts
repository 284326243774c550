/** Containers and sandboxes as Docker's API describes them. */

import type { Container, Runtime } from '../runtime/containerd.ts';
import { PAUSE_IMAGE } from '../runtime/containerd.ts';
import type { Sandbox } from '../runtime/sandbox.ts';
import { dockerName, kubernetesLabels, newestFirst } from './find.ts';
import { ellipsis, humanDuration } from './humanize.ts';

/** A row of `docker ps`, with the names its templates use. */
export interface DockerContainer {
  readonly ID: string;
  readonly fullID: string;
  readonly Image: string;
  readonly Command: string;
  readonly CreatedAt: string;
  readonly RunningFor: string;
  readonly Status: string;
  readonly State: string;
  readonly Ports: string;
  readonly Names: string;
  readonly Labels: string;
  readonly Mounts: string;
  readonly createdAt: number;
  readonly image: string;
  readonly running: boolean;
  readonly container: Container | undefined;
  readonly sandbox: Sandbox;
}

export function dockerContainers(runtime: Runtime, now: number, long = false): DockerContainer[] {
  const containers = runtime.containers().map((container) => row(container.sandbox, container, now, long));
  const sandboxes = runtime.sandboxes().map((sandbox) => row(sandbox, undefined, now, long));
  return newestFirst([...sandboxes, ...containers]);
}

function row(sandbox: Sandbox, container: Container | undefined, now: number, long: boolean): DockerContainer {
  const of = container ?? sandbox;
  const running = container ? container.state === 'running' : sandbox.ready;
  const name = dockerName(sandbox, container?.name ?? 'POD', of.attempt);
  const command = (container?.argv ?? ['/pause']).join(' ');
  const image = container ? container.imageRef.replace(/^docker\.io\/library\//, '') : PAUSE_IMAGE;
  const shownImage = long ? image : image.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, '');
  const labels = Object.entries(kubernetesLabels(sandbox, container?.name));
  return {
    ID: long ? of.id : of.id.slice(0, 12),
    fullID: of.id,
    Image: shownImage,
    Command: JSON.stringify(long ? command : ellipsis(command, 20)),
    CreatedAt: `${new Date(of.createdAt).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    RunningFor: `${humanDuration(now - of.createdAt)} ago`,
    Status: status(container, sandbox, now),
    State: running ? 'running' : container?.state === 'created' ? 'created' : 'exited',
    Ports: '',
    Names: name,
    Labels: labels.map(([key, value]) => `${key}=${value}`).join(','),
    Mounts: (container?.config.mounts ?? []).map((mount) => ellipsis(mount.source, long ? 999 : 15)).join(','),
    createdAt: of.createdAt,
    image,
    running,
    container,
    sandbox,
  };
}

function status(container: Container | undefined, sandbox: Sandbox, now: number): string {
  if (!container) return sandbox.ready ? `Up ${humanDuration(now - sandbox.createdAt)}` : 'Exited (0)';
  if (container.state === 'created') return 'Created';
  if (container.state === 'running') return `Up ${humanDuration(now - container.startedAt)}`;
  return `Exited (${container.exitCode}) ${humanDuration(now - container.finishedAt)} ago`;
}

const NEVER = '0001-01-01T00:00:00Z';
const time = (ms: number): string => (ms === 0 ? NEVER : new Date(ms).toISOString().replace('Z', '000000Z'));

export function inspectContainer(runtime: Runtime, { container, sandbox, Names: name }: DockerContainer): object {
  const of = container ?? sandbox;
  const argv = container?.argv ?? ['/pause'];
  const running = container ? container.state === 'running' : sandbox.ready;
  const pid = running ? (container ? container.init?.hostPid : sandbox.pause?.pid) : 0;
  const { hostname, directory, logDirectory, uid } = sandbox;
  const binds = (container?.config.mounts ?? []).map(
    (mount) => `${mount.source}:${mount.target}${mode(mount) === '' ? '' : `:${mode(mount)}`}`,
  );
  return {
    Id: of.id,
    Created: time(of.createdAt),
    Path: argv[0],
    Args: argv.slice(1),
    State: {
      Status: running ? 'running' : container?.state === 'created' ? 'created' : 'exited',
      Running: running,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: pid ?? 0,
      ExitCode: container?.exitCode ?? 0,
      Error: container?.reason === 'StartError' ? container.message : '',
      StartedAt: time(container?.startedAt ?? sandbox.createdAt),
      FinishedAt: time(container?.finishedAt ?? 0),
    },
    Image: container?.config.image.id ?? runtime.images.lookUp(PAUSE_IMAGE)?.id ?? '',
    ResolvConfPath: `${directory}/resolv.conf`,
    HostnamePath: `${directory}/hostname`,
    HostsPath: `/var/lib/kubelet/pods/${uid}/etc-hosts`,
    LogPath: container ? `${logDirectory}/${container.name}/${container.attempt}.log` : '',
    Name: `/${name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    HostConfig: {
      Binds: binds,
      NetworkMode: container ? `container:${sandbox.id}` : 'none',
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      AutoRemove: false,
      Privileged: container?.config.privileged ?? false,
      ReadonlyRootfs: container?.config.readOnlyRoot ?? false,
      IpcMode: container ? `container:${sandbox.id}` : 'shareable',
      ShmSize: 67_108_864,
    },
    Mounts: (container?.config.mounts ?? []).map((mount) => ({
      Type: 'bind',
      Source: mount.source,
      Destination: mount.target,
      Mode: mode(mount),
      RW: !mount.readOnly,
      Propagation: mount.propagation === 'private' ? 'rprivate' : mount.propagation,
    })),
    Config: {
      Hostname: hostname,
      Domainname: '',
      User: container?.config.user ?? '',
      Tty: container?.config.tty ?? false,
      OpenStdin: container?.config.stdin ?? false,
      StdinOnce: container?.config.stdinOnce ?? false,
      Env: container ? [...container.environment].map(([key, value]) => `${key}=${value}`) : [],
      Cmd: container?.config.args ?? container?.config.image.config.cmd ?? null,
      Image: container?.imageRef ?? PAUSE_IMAGE,
      WorkingDir: container?.workdir ?? '/',
      Entrypoint: container?.config.command ?? container?.config.image.config.entrypoint ?? ['/pause'],
      Labels: kubernetesLabels(sandbox, container?.name),
      StopSignal: container?.config.image.config.stopSignal ?? 'SIGTERM',
    },
    NetworkSettings: { IPAddress: '', Ports: {}, Networks: {} },
  };
}

function mode(mount: { readonly readOnly: boolean; readonly propagation: string }): string {
  const parts = [...(mount.readOnly ? ['ro'] : []), ...(mount.propagation === 'private' ? [] : [mount.propagation])];
  return parts.join(',');
}
