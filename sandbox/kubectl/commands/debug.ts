/** `kubectl debug`: a container beside a pod's, a copy of a pod, or a pod on a node (kubectl pkg/cmd/debug). */

import type { Container, Node, Pod } from '../../api/types.ts';
import { safeEncoded } from '../../sim/random.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import { patchObject } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { forEach } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { attachOrLogs } from './attach.ts';
import { besidePods, debugProfiles } from './debug-profiles.ts';
import { podStatus, waitForPod } from './pods.ts';

const LEGACY =
  '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n';

export const debug: Command = {
  name: 'debug',
  flags:
    "arguments-only=false attach=false -c,container='' copy-to='' custom='' env=[]:stringArray -f,filename=[] image='' image-pull-policy='' keep-annotations=false keep-init-containers=true keep-labels=false keep-liveness=false keep-readiness=false keep-startup=false profile='legacy' -q,quiet=false replace=false same-node=false set-image=[] share-processes=true -i,stdin=false target='' -t,tty=false",
  complete: 'pods',
  *run(session) {
    const { flags } = session;
    const { names, command } = argumentsOf(session);
    validate(session, names, command);
    if (flags.string('target') && !flags.bool('quiet')) {
      yield* session.out(
        `Targeting container ${quote(flags.string('target'))}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      );
    }
    if (flags.string('profile') === 'legacy') yield* session.err(LEGACY);
    const args = names.length > 0 ? (names[0]!.includes('/') ? names : ['pods', ...names]) : [];
    yield* forEach(session, { args, files: flags.list('filename'), latest: true, builtIn: true }, function* (info) {
      const made = yield* debugContainer(session, info, command);
      const attaches = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
      if (!attaches || !made.container) return;
      const { name, namespace } = made.pod.metadata!;
      const { container } = made;
      const pod = yield* waitForPod(session, namespace!, name!, 0, (now) => {
        const state = stateOf(now, container);
        return Boolean(state?.running || state?.terminated);
      });
      yield* attachOrLogs(session, pod, container, Boolean(stateOf(pod, container)?.terminated));
    });
  },
};

function stateOf(pod: KObject, container: string): Record<string, unknown> | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = podStatus(pod);
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === container,
  )?.state;
}

interface Made {
  readonly pod: KObject;
  readonly container: string;
}

function argumentsOf({ flags, args }: Session): { names: string[]; command: string[] } {
  const at = flags.dash >= 0 ? flags.dash : args.length;
  return { names: args.slice(0, at), command: args.slice(at) };
}

function validate({ flags }: Session, names: readonly string[], command: readonly string[]): void {
  if (!Object.hasOwn(debugProfiles, flags.string('profile')))
    throw new CommandError(`unknown profile: ${flags.string('profile')}`);
  const image = flags.string('image');
  const images = flags.list('set-image');
  const fail = (message: string): never => {
    throw new CommandError(message);
  };
  if (flags.bool('attach') && !image && !flags.string('container'))
    fail('you must specify --container or create a new container using --image in order to attach.');
  if (flags.string('copy-to')) {
    if (!image && images.length === 0 && command.length === 0)
      fail('you must specify --image, --set-image or command arguments.');
    if (command.length > 0 && !flags.string('container') && !image)
      fail('you must specify an existing container or a new image when specifying args.');
  } else {
    for (const name of ['replace', 'same-node'])
      if (flags.bool(name)) fail(`--${name} may only be used with --copy-to.`);
    if (images.length > 0) fail('--set-image may only be used with --copy-to.');
    if (!image) fail('you must specify --image when not using --copy-to.');
  }
  if (image && !/^[\w.:/@-]+$/.test(image)) fail(`invalid image name ${quote(image)}: invalid reference format`);
  if (names.length === 0 && flags.list('filename').length === 0) fail('NAME or filename is required for debug');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.string('image-pull-policy')))
    fail(`invalid image pull policy: ${flags.string('image-pull-policy')}`);
  if (flags.string('target') && flags.string('copy-to'))
    fail('--target is incompatible with --copy-to. Use --share-processes instead.');
  if (flags.bool('tty') && !flags.bool('stdin')) fail('-i/--stdin is required for containers with -t/--tty=true');
}

function debugContainer(session: Session, info: Info, command: readonly string[]): Task<Made> {
  if (info.mapping.kind === 'Node') return onNode(session, info.object as unknown as Node, command);
  if (info.mapping.kind !== 'Pod') {
    const { group, version, kind } = info.mapping;
    throw new CommandError(`${quote(`${group}/${version}, Kind=${kind}`)} not supported by debug`);
  }
  return session.flags.string('copy-to') ? copyPod(session, info, command) : besidePod(session, info, command);
}

const suffix = ({ environment }: Session): string => safeEncoded(environment.randomName().slice(0, 5));

function newContainer({ flags }: Session, name: string, command: readonly string[]): Container {
  const env = flags
    .list('env')
    .map((pair) => ({ name: pair.split('=')[0]!, value: pair.slice(pair.indexOf('=') + 1) }));
  const policy = flags.string('image-pull-policy') as Container['imagePullPolicy'];
  return {
    name,
    image: flags.string('image'),
    ...(command.length > 0 ? { [flags.bool('arguments-only') ? 'args' : 'command']: command } : {}),
    ...(env.length > 0 ? { env } : {}),
    ...(policy ? { imagePullPolicy: policy } : {}),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
    terminationMessagePolicy: 'File',
  };
}

function* containerName(session: Session): Task<string> {
  const given = session.flags.string('container');
  if (given) return given;
  const name = `debugger-${suffix(session)}`;
  if (!session.flags.bool('quiet')) yield* session.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

function* create(session: Session, pod: object): Task<KObject> {
  const client = yield* session.client();
  const path = `/api/v1/namespaces/${encodeURIComponent(yield* session.namespace())}/pods`;
  return yield* client.json<KObject>('POST', path, { body: compactJson({ apiVersion: 'v1', kind: 'Pod', ...pod }) });
}

function* onNode(session: Session, { metadata }: Node, command: readonly string[]): Task<Made> {
  const { flags } = session;
  const container = flags.string('container') || 'debugger';
  const name = `node-debugger-${metadata.name}-${suffix(session)}`;
  if (!flags.bool('quiet'))
    yield* session.out(`Creating debugging pod ${name} with container ${container} on node ${metadata.name}.\n`);
  const { securityContext, hostNamespaces, hostRoot } = debugProfiles[flags.string('profile')]!;
  const mounted = {
    ...newContainer(session, container, command),
    ...(securityContext && { securityContext }),
    ...(hostRoot && { volumeMounts: [{ name: 'host-root', mountPath: '/host' }] }),
  };
  const pod = yield* create(session, {
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [mounted],
      ...(hostNamespaces && { hostIPC: true, hostNetwork: true, hostPID: true }),
      nodeName: metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(hostRoot && { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }),
    },
  });
  return { pod, container };
}

function* besidePod(session: Session, info: Info, command: readonly string[]): Task<Made> {
  const name = yield* containerName(session);
  const target = session.flags.string('target');
  const securityContext = besidePods(session.flags.string('profile'));
  const container = {
    ...newContainer(session, name, command),
    ...(securityContext && { securityContext }),
    ...(target ? { targetContainerName: target } : {}),
  };
  const patch = compactJson({ spec: { ephemeralContainers: [container] } });
  try {
    const pod = yield* patchObject(session, { ...info, subresource: 'ephemeralcontainers' }, 'strategic', patch, {});
    return { pod, container: name };
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'NotFound' && !error.status.details?.name)
      throw new CommandError(
        `ephemeral containers are disabled for this cluster (error from server: ${quote(error.message)})`,
      );
    throw error;
  }
}

const PROBES = { liveness: 'livenessProbe', readiness: 'readinessProbe', startup: 'startupProbe' } as const;

function* copyPod(session: Session, info: Info, command: readonly string[]): Task<Made> {
  const { flags } = session;
  const { metadata, spec } = info.object as unknown as Pod;
  const images = new Map(flags.list('set-image').map((pair) => pair.split('=') as [string, string]));
  let containers = spec!.containers.map((each) => ({
    ...each,
    image: images.get(each.name) ?? images.get('*') ?? each.image,
  }));
  for (const [flag, field] of Object.entries(PROBES))
    if (!flags.bool(`keep-${flag}`)) containers = containers.map(({ [field as 'livenessProbe']: _, ...rest }) => rest);
  const existing = containers.find(({ name }) => name === flags.string('container'));
  const onlyImages = !existing && !flags.string('image');
  if (onlyImages && images.size === 0) throw new CommandError('you must specify image when creating new container');
  const name = onlyImages ? '' : (existing?.name ?? (yield* containerName(session)));
  const wanted = newContainer(session, name, command);
  const securityContext = besidePods(flags.string('profile'));
  const changed = {
    ...existing,
    ...wanted,
    ...(securityContext && { securityContext }),
    image: wanted.image || existing?.image,
    ...(command.length > 0 && !flags.bool('arguments-only') ? { args: undefined } : {}),
  };
  if (existing) containers = containers.map((each) => (each === existing ? changed : each)) as typeof containers;
  else if (!onlyImages) containers = [...containers, changed] as typeof containers;
  const { nodeName, ephemeralContainers: _, initContainers, ...rest } = spec!;
  const client = yield* session.client();
  if (flags.bool('replace')) yield* client.text('DELETE', `/api/v1/namespaces/${info.namespace}/pods/${info.name}`);
  const pod = yield* create(session, {
    metadata: {
      name: flags.string('copy-to'),
      namespace: info.namespace,
      labels: flags.bool('keep-labels') ? metadata.labels : undefined,
      annotations: flags.bool('keep-annotations') ? metadata.annotations : undefined,
    },
    spec: {
      ...rest,
      containers,
      initContainers: flags.bool('keep-init-containers') ? initContainers : undefined,
      nodeName: flags.bool('same-node') ? nodeName : undefined,
      shareProcessNamespace: flags.changed('share-processes')
        ? flags.bool('share-processes')
        : debugProfiles[flags.string('profile')]!.sharesProcesses || rest.shareProcessNamespace,
    },
  });
  return { pod, container: name };
}
