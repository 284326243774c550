/** English: the words of the picture. They come with it, and not before. */

export const picture = {
  title: 'The cluster now',
  fold: 'Hide the picture',
  unfold: 'Show the picture',
  words: 'In words',
  keys: 'The arrow keys go from one thing to the next, Enter runs what its label says.',
  layers: {
    control: 'Control plane',
    nodes: 'Nodes',
    workloads: 'Workloads',
    pods: 'Pods on their nodes',
    claims: 'Claims',
    volumes: 'Volumes',
    exports: 'NFS server',
  },
  more: (n: number, states: string) => `and ${n} more${states ? `: ${states}` : ''}`,
  counted: (n: number, state: string) => `${n} ${state}`,
  ready: (ready: number, all: number) => `${ready}/${all} ready`,
  notReady: 'NotReady',
  cordoned: 'SchedulingDisabled',
  exported: 'exported',
  notExported: 'not exported',
  /** The same where there is little room. */
  exportedShort: 'exported',
  notExportedShort: 'not exported',
  files: (n: number) => (n === 1 ? '1 file' : `${n} files`),
  facts: {
    off: 'switched off',
    controlPlane: 'control-plane',
    client: 'NFS client',
    noClient: 'no NFS client',
    handMount: (path: string) => `NFS on ${path}`,
    serving: 'serves exports',
    exportsNothing: 'no exports yet',
    notServing: 'serves nothing',
  },
  describe: (kind: string, name: string) => `Describe ${kind} ${name}`,
  list: (path: string) => `List ${path} on the NFS server`,
  listExports: 'Show what the NFS server exports',
  why: (name: string) => `Why is ${name} as it is?`,
  mark: {
    added: 'new since the last command',
    changed: 'changed by the last command',
    replaced: 'another of the same name',
  },
  since: {
    title: 'Since the last command',
    nothing: 'no change',
    kinds: {
      PersistentVolumeClaim: 'claim',
      PersistentVolume: 'volume',
      Directory: '',
      Node: '',
      Server: '',
    } as Readonly<Record<string, string>>,
    added: (thing: string) => `+ ${thing}`,
    gone: (thing: string) => `− ${thing}`,
    replaced: (thing: string) => `another ${thing}`,
    changed: (thing: string, how: string) => `${thing}: ${how}`,
    turned: (from: string, to: string) => `${from} → ${to}`,
    several: (n: number, kind: string) => `${n} × ${kind}`,
    between: ', ',
    onNode: (node: string) => `on ${node}`,
    toVolume: (volume: string) => `volume ${volume}`,
    unset: 'none any more',
    flags: {
      Ready: 'Ready',
      '!Ready': 'NotReady',
      schedulable: 'takes Pods again',
      '!schedulable': 'SchedulingDisabled',
      up: 'switched on',
      '!up': 'switched off',
      client: 'NFS client installed',
      '!client': 'NFS client removed',
      serving: 'serves its exports',
      '!serving': 'serves nothing any more',
    } as Readonly<Record<string, string>>,
    came: {
      grants: (list: string) => `exported to ${list}`,
      files: (list: string) => `+ ${list}`,
      mounts: (list: string) => `mounted ${list}`,
    } as Readonly<Record<string, (list: string) => string>>,
    went: {
      grants: (list: string) => `no longer exported to ${list}`,
      files: (list: string) => `− ${list}`,
      mounts: (list: string) => `unmounted ${list}`,
    } as Readonly<Record<string, (list: string) => string>>,
  },
  figures: {
    as: (n: string) => `Figure ${n} of the article`,
    says: {
      '001': (name: string) => `all Pods of Deployment ${name} share one claim, and so one volume.`,
      '002': (name: string) => `a Pod of Deployment ${name} was replaced, and the new one has the same volume.`,
      '003': (name: string) => `each Pod of StatefulSet ${name} has a claim and a volume of its own.`,
      '004': (name: string) => `a Pod of StatefulSet ${name} was replaced, and came back to its own volume.`,
    },
  },
  sentences: {
    controlPlane: (name: string, taints: string) =>
      `Machine ${name}: the control plane. API server, scheduler and controllers run here${taints ? `; its taint ${taints} keeps other Pods away` : ''}.`,
    node: (name: string, state: string, client: string) =>
      `Node ${name}: ${[state, client].filter(Boolean).join(', ')}.`,
    server: (name: string, says: string) => `Machine ${name}, the NFS server: ${says}.`,
    handMount: (node: string, from: string, path: string) =>
      `${node} has mounted ${from} on ${path}, without Kubernetes.`,
    none: 'There are no workloads, claims or volumes yet.',
    workload: (kind: string, name: string, ready: number, all: number) =>
      `${kind} ${name}: ${ready} of ${all} Pods ready.`,
    pod: (name: string, status: string, node: string, claims: string) =>
      `Pod ${name}: ${status}${node ? `, on ${node}` : ''}${claims ? `, uses claim ${claims}` : ''}.`,
    claim: (name: string, status: string, volume: string) =>
      `Claim ${name}: ${status}${volume ? ` to volume ${volume}` : ''}.`,
    volume: (name: string, status: string, server: string, path: string) =>
      `Volume ${name}: ${status}${path ? `, stands for ${server ? `${server}:` : ''}${path}` : ''}.`,
    export: (path: string, grants: string, files: string) =>
      `Directory ${path} of the NFS server: ${grants ? `exported to ${grants}` : 'not exported'}, ${files || 'empty'}.`,
    mount: (volume: string, node: string, pod: string) => `Volume ${volume} is mounted on ${node} for Pod ${pod}.`,
  },
};
