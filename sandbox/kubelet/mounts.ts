/** What is mounted into a container: its volumes, /etc/hosts and the termination log (pkg/kubelet/kubelet_pods.go, makeMounts). */

import type { Container, Pod } from '../api/types.ts';
import type { Task } from '../sim/task.ts';
import { ConfigError, expand } from './environment.ts';
import { makeDirectory, readFile, writeFile } from './host-files.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { PodWorker } from './pod-worker.ts';
import { PODS } from './volumes/manager.ts';
import { exists, makeDirectories } from './volumes/plugin.ts';
import { pluginOf } from './volumes/plugins.ts';

export interface ContainerMount {
  /** A path of the node. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation: 'private' | 'rslave' | 'rshared';
}

const PROPAGATION = { None: 'private', HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

export function* containerMounts(
  node: KubeletContext,
  worker: PodWorker,
  container: Container,
  variable: (name: string) => string | undefined,
): Task<ContainerMount[]> {
  const { pod } = worker;
  const mounts: ContainerMount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const mounted = node.volumes.path(pod.metadata.uid, mount.name);
    if (!mounted) continue;
    const subPath = mount.subPathExpr ? expand(mount.subPathExpr, variable) : (mount.subPath ?? '');
    const source = subPath === '' ? mounted.path : yield* subDirectory(node, mounted.path, subPath, mount.name);
    mounts.push({
      source,
      target: mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`,
      readOnly: (mount.readOnly ?? false) || mounted.volume.readOnly || (pluginOf(mounted.volume).readOnly ?? false),
      propagation: PROPAGATION[(mount.mountPropagation ?? 'None') as keyof typeof PROPAGATION],
    });
  }
  const targets = new Set(mounts.map((mount) => mount.target));
  if (!targets.has('/etc/hosts')) mounts.push(hostsFile(node, worker));
  mounts.push(terminationLog(node, pod, container));
  return mounts;
}

/** A subPath that is not there becomes a directory. */
function* subDirectory(node: KubeletContext, root: string, subPath: string, volume: string): Task<string> {
  if (subPath.startsWith('/') || subPath.split('/').includes('..')) {
    throw new ConfigError(`failed to prepare subPath for volumeMount "${volume}" of container`);
  }
  const path = `${root}/${subPath}`;
  const process = node.process();
  if (!(yield* exists(process, path))) yield* makeDirectories(process, path, 0o755);
  return path;
}

function hostsFile(node: KubeletContext, worker: PodWorker): ContainerMount {
  const { pod } = worker;
  const process = node.process();
  const directory = `${PODS}/${pod.metadata.uid}`;
  const text = pod.spec!.hostNetwork
    ? `# Kubernetes-managed hosts file (host network).\n${readFile(process, '/etc/hosts', 65_536)}`
    : podHosts(pod, worker.address ?? '');
  writeFile(makeDirectory(process, directory).inode, 'etc-hosts', text);
  return { source: `${directory}/etc-hosts`, target: '/etc/hosts', readOnly: false, propagation: 'private' };
}

/** managedHostsFileContent. */
function podHosts(pod: Pod, ip: string): string {
  const { hostname, subdomain, hostAliases = [] } = pod.spec!;
  const name = hostname ?? pod.metadata.name;
  const names = subdomain ? `${name}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local\t${name}` : name;
  const aliases = hostAliases.map((alias) => `${alias.ip}\t${(alias.hostnames ?? []).join('\t')}\n`).join('');
  return `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${ip}\t${names}
${aliases === '' ? '' : `\n# Entries added by HostAliases.\n${aliases}`}`;
}

function terminationLog(node: KubeletContext, pod: Pod, container: Container): ContainerMount {
  const directory = `${PODS}/${pod.metadata.uid}/containers/${container.name}`;
  const name = node.random.hex(8);
  writeFile(makeDirectory(node.process(), directory).inode, name, '', 0o666);
  const target = container.terminationMessagePath ?? '/dev/termination-log';
  return { source: `${directory}/${name}`, target, readOnly: false, propagation: 'private' };
}
