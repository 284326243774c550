/** English. */

export const en = {
  verdicts: { met: 'met', 'not met': 'not met', unknown: 'cannot be seen' },
  /** What was not seen, and what it would take. */
  sights: {
    objects: ({ resource, why }: { resource: string; why: string }) =>
      `${resource} may not be listed (${why}). It takes a user who may list them.`,
    machine: ({ host }: { host: string }) =>
      host === 'nfs'
        ? 'The NFS server: its exports, and files that no running Pod mounts. It takes --nfs-host USER@HOST.'
        : `The machine ${host}: its files, mounts and packages. It takes --host ${host}=USER@HOST.`,
    'no-answer': ({ host, target, why }: { host: string; target: string; why: string }) =>
      `${host} was not reached: ssh ${target}: ${why}. It takes a login without a password.`,
    unreadable: ({ host, path }: { host: string; path: string }) =>
      `${path} on ${host} may not be read by the user that ssh logs in as. It takes one who may.`,
    author: ({ host, path }: { host: string; path: string }) =>
      `${path} is there on ${host}, but a real file system does not record who made or wrote a file. Only the simulated one does; see for yourself.`,
    documents: ({ host }: { host: string }) =>
      `The manifests that were written on ${host} are not looked for. It takes the object in the cluster.`,
    before: ({ step }: { step: string }) =>
      `How the cluster was when ${step} began. It takes --state FILE in a check made before the step was done, and the same file now.`,
    container: ({ pod, why }: { pod: string; why: string }) =>
      `Nothing could be looked for in the containers of ${pod} (${why}). It takes pods/exec, and a shell in the image.`,
    netgroup: ({ path }: { path: string }) =>
      `${path} is exported to a netgroup, and who is in it is not looked up. It takes an entry for the nodes.`,
    address: ({ host }: { host: string }) =>
      `The address of ${host}: the cluster has no Node of that name. It takes one.`,
  },
  needs: 'unseen:',
  reasonUnseen: 'why not, is not seen:',
  narrowed: (resources: string) => `Only the namespace default could be looked at for: ${resources}.`,
  nothingToCheck: 'Nothing is checked here: this step only asks questions.',
  total: (met: number, notMet: number, unknown: number) =>
    `${met} met, ${notMet} not met, ${unknown} that cannot be seen`,
  cannotAsk: (why: string) => `the cluster could not be asked: ${why}`,
  prepare: {
    title: (lesson: string) => `What the lesson “${lesson}” needs on a real cluster`,
    nodes: 'nodes of these names',
    machines: 'machines to type on',
    servers: 'NFS server',
    exports: 'directories it exports',
    options: (options: string) => `options ${options}`,
    images: 'images',
    packages: 'packages on machines',
    makes: 'objects it makes (namespace default)',
    expects: 'objects of lessons before it',
    nothing: 'nothing',
    taken: 'is there already: the lesson would meet it, or change it',
    free: 'is not there yet',
    there: 'is there',
    missing: 'is not there',
    unseen: 'cannot be seen',
    collisions: (n: number) =>
      n === 0
        ? 'Nothing that it makes is there already.'
        : n === 1
          ? '1 thing that it makes is there already.'
          : `${n} things that it makes are there already.`,
  },
};
