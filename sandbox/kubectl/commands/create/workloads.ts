/** `kubectl create deployment|job|cronjob`. */

import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import type { KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { generator } from './generator.ts';

/** The words after `--`, or after the name. */
const commandOf = (session: Session): readonly string[] =>
  session.flags.dash === -1 ? [] : session.args.slice(session.flags.dash);

/** `docker.io/library/nginx:1.19@sha256:…` gives the container name `nginx`. */
const containerName = (image: string): string => {
  const last = image.split('/').pop()!.split(':')[0]!.split('@')[0]!;
  return last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
};

const deployment = generator({
  name: 'deployment',
  aliases: ['deploy'],
  flags: 'image=[] port=-1:int32 -r,replicas=1:int32',
  required: ['image'],
  namespaced: true,
  failure: 'failed to create deployment: ',
  *build(session, name): Task<KObject> {
    const { flags } = session;
    const command = commandOf(session);
    const images = flags.list('image');
    if (images.length > 1 && command.length > 0)
      throw new CommandError('cannot specify multiple --image options and command');
    const port = flags.int('port');
    const labels = { app: name };
    const containers = images.map((image) => ({
      name: containerName(image),
      image,
      ...(command.length > 0 ? { command: [...command] } : {}),
      ...(port >= 0 ? { ports: [{ containerPort: port }] } : {}),
      resources: {},
    }));
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: flags.int('replicas'),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
        strategy: {},
      },
      status: {},
    };
  },
});

const job = generator({
  name: 'job',
  flags: "from='' image=''",
  namespaced: true,
  failure: 'failed to create job: ',
  *build(session, name): Task<KObject> {
    const { flags } = session;
    const [image, from] = [flags.string('image'), flags.string('from')];
    if (Boolean(image) === Boolean(from)) throw new CommandError('either --image or --from must be specified');
    const command = commandOf(session);
    if (from) return yield* jobFrom(session, name, from, command);
    const container = { name, image, ...(command.length > 0 ? { command: [...command] } : {}), resources: {} };
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: { template: { metadata: {}, spec: { containers: [container], restartPolicy: 'Never' } } },
      status: {},
    };
  },
});

function* jobFrom(session: Session, name: string, from: string, command: readonly string[]): Task<KObject> {
  if (command.length > 0) throw new CommandError('cannot specify --from and command');
  const [type = '', source = ''] = from.split('/');
  const mapping = (yield* session.mapper()).find(type);
  if (mapping.kind !== 'CronJob') throw new CommandError(`unknown object type *v1.${mapping.kind}`);
  const client = yield* session.client();
  const cronJob = yield* client.json<KObject>(
    'GET',
    `/apis/batch/v1/namespaces/${yield* session.namespace()}/cronjobs/${source}`,
  );
  const template = (
    cronJob.spec as {
      jobTemplate: {
        metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
        spec: unknown;
      };
    }
  ).jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template.metadata?.annotations },
      labels: template.metadata?.labels,
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: source, uid: cronJob.metadata?.uid ?? '', controller: true },
      ],
    },
    spec: template.spec,
    status: {},
  };
}

const cronjob = generator({
  name: 'cronjob',
  aliases: ['cj'],
  flags: "image='' restart='' schedule=''",
  required: ['image', 'schedule'],
  namespaced: true,
  failure: 'failed to create cronjob: ',
  *build(session, name): Task<KObject> {
    const { flags } = session;
    const command = commandOf(session);
    const container = {
      name,
      image: flags.string('image'),
      ...(command.length > 0 ? { command: [...command] } : {}),
      resources: {},
    };
    const spec = { containers: [container], restartPolicy: flags.string('restart') || 'OnFailure' };
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: {
        jobTemplate: { metadata: { name }, spec: { template: { metadata: {}, spec } } },
        schedule: flags.string('schedule'),
      },
      status: {},
    };
  },
});

export const workloads: readonly Command[] = [deployment, job, cronjob];
