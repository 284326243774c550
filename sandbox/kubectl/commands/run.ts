/** `kubectl run`: one pod, attached to if asked (kubectl pkg/cmd/run/run.go). */

import { applyPatch, type Operation } from 'rfc6902';
import type { JsonObject } from '../../api/object.ts';
import { mergePatch } from '../../api/patch/merge.ts';
import { strategicMerge } from '../../api/patch/strategic.ts';
import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { schemaFor } from '../apply/schema.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, PlainError } from '../cli/errors.ts';
import { CASCADE_FLAG, DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { createObject } from '../client/helper.ts';
import { type DryRun, dryRunOf, type Printer, resultPrinter } from '../printers/output.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { attachOrLogs } from './attach.ts';
import { deleteSelected } from './delete.ts';
import { hasEnded, hasStarted, podSpec, podStatus, waitForPod } from './pods.ts';

const IMAGE = /^[a-zA-Z0-9]([\w.-]*)(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

export const run: Command = {
  name: 'run',
  flags: `annotations=[]:stringArray attach=false ${CASCADE_FLAG} command=false ${DRY_RUN_FLAG} env=[]:stringArray expose=false field-manager='kubectl-run' force=false grace-period=-1 image='' image-pull-policy='' -l,labels='' leave-stdin-open=false override-type='merge' overrides='' pod-running-timeout=1m0s port='' privileged=false -q,quiet=false restart='Always' rm=false save-config=false -i,stdin=false timeout=0s -t,tty=false wait=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  required: ['image'],
  *run(session) {
    const { flags, args } = session;
    if (args.length === 0 || flags.dash === 0) throw session.usage('NAME is required for run');
    const dryRun = yield* dryRunOf(session);
    const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
    const attach = flags.changed('attach') ? flags.bool('attach') : stdin || tty;
    if (tty && !stdin) throw session.usage('-i/--stdin is required for containers with -t/--tty=true');
    if (flags.bool('expose') && !flags.string('port'))
      throw session.usage('--port must be set when exposing a service');
    const image = flags.string('image');
    if (!IMAGE.test(image)) throw new CommandError(`Invalid image name ${quote(image)}: invalid reference format`);
    if (attach && dryRun !== 'none')
      throw session.usage(
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
      );
    if (flags.bool('rm') && !attach) throw session.usage('--rm should only be used for attached containers');
    const pod = podOf(session, args[0]!, image);
    const info = yield* create(session, pod, dryRun);
    const print = yield* resultPrinter(session, 'created', dryRun, !info);
    if (flags.bool('expose')) yield* exposePod(session, args[0]!, dryRun, print);
    if (attach) return yield* attached(session, info!);
    yield* session.out(print(info ? info.object! : pod, info?.mapping));
  },
};

const RESTART = ['Always', 'OnFailure', 'Never'];

function podOf(session: Session, name: string, image: string): KObject {
  const { flags, args } = session;
  const restart = flags.string('restart') || 'Always';
  const pull = flags.string('image-pull-policy');
  if (pull && !['Always', 'IfNotPresent', 'Never'].includes(pull))
    throw session.usage(`invalid image pull policy: ${pull}`);
  if (!RESTART.includes(restart)) throw session.usage(`invalid restart policy: ${restart}`);
  const words = args.slice(1);
  const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
  const port = flags.string('port');
  const container = {
    name,
    image,
    ...(words.length > 0 ? { [flags.bool('command') ? 'command' : 'args']: [...words] } : {}),
    ...(port ? { ports: [{ containerPort: portNumber(port) }] } : {}),
    ...(flags.list('env').length > 0 ? { env: flags.list('env').map(envVar) } : {}),
    resources: {},
    ...(flags.string('image-pull-policy') ? { imagePullPolicy: flags.string('image-pull-policy') } : {}),
    ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
    ...(stdin ? { stdin: true } : {}),
    ...(stdin && !flags.bool('leave-stdin-open') ? { stdinOnce: true } : {}),
    ...(tty ? { tty: true } : {}),
  };
  for (const pair of flags.string('labels').split(','))
    if (pair && pair.split('=').length !== 2) throw new CommandError(`unexpected label spec: ${pair}`);
  const labels = flags.string('labels')
    ? Object.fromEntries(
        flags
          .string('labels')
          .split(',')
          .map((pair) => pair.split('=')),
      )
    : { run: name };
  const annotations = flags
    .list('annotations')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  const pod: KObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}) },
    spec: { containers: [container], restartPolicy: restart, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
  return flags.string('overrides') ? overridden(session, pod) : pod;
}

function overridden(session: Session, pod: KObject): KObject {
  const type = session.flags.string('override-type');
  if (!['merge', 'strategic', 'json'].includes(type)) throw new CommandError(`invalid override type: ${type}`);
  const patch = parsedOverrides(session.flags.string('overrides'));
  if (type === 'json') {
    const copy = structuredClone(pod);
    applyPatch(copy, patch as unknown as Operation[]);
    return copy;
  }
  const schema = schemaFor({ group: '', version: 'v1', kind: 'Pod' });
  if (session.flags.string('override-type') === 'strategic' && schema)
    return strategicMerge(pod as JsonObject, patch, schema) as KObject;
  return mergePatch(pod as JsonObject, patch) as KObject;
}

function parsedOverrides(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    throw new CommandError('Invalid JSON Patch');
  }
}

function envVar(text: string): { name: string; value?: string } {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new CommandError(`invalid env: ${text}`);
  const value = text.slice(equals + 1);
  return { name: text.slice(0, equals), ...(value ? { value } : {}) };
}

function portNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  return Number(text);
}

function* create(session: Session, pod: KObject, dryRun: DryRun): Task<Info | undefined> {
  const target = yield* session.target();
  if (target.namespaceExplicit) pod.metadata!.namespace = target.namespace;
  if (dryRun === 'client') return undefined;
  const mapping = (yield* session.mapper()).forKind('v1', 'Pod');
  const object = session.flags.bool('save-config') ? withLastApplied(pod) : pod;
  const info: Info = {
    mapping,
    namespace: target.namespace,
    name: pod.metadata!.name!,
    source: '',
    object,
    subresource: '',
  };
  info.object = yield* createObject(session, info, object, {
    dryRun,
    fieldManager: session.flags.string('field-manager'),
  });
  return info;
}

function* exposePod(session: Session, name: string, dryRun: DryRun, print: Printer): Task<void> {
  const port = portNumber(session.flags.string('port'));
  const service: KObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: { run: name } },
    status: { loadBalancer: {} },
  };
  const mapping = (yield* session.mapper()).forKind('v1', 'Service');
  const info: Info = {
    mapping,
    namespace: yield* session.namespace(),
    name,
    source: '',
    object: service,
    subresource: '',
  };
  if (dryRun !== 'client') info.object = yield* createObject(session, info, service, { dryRun });
  yield* session.out(print(info.object!, mapping));
  // The YAML printer parts its documents too: there are two lines of dashes.
  if (session.flags.string('output') === 'yaml') yield* session.out('---\n');
}

function* attached(session: Session, info: Info): Task<void> {
  const { flags } = session;
  let failure: PlainError | undefined;
  try {
    const pod = yield* waitForPod(
      session,
      info.namespace,
      info.name,
      flags.duration('pod-running-timeout'),
      hasStarted,
    );
    yield* attachOrLogs(session, pod, podSpec(pod).containers[0]!.name);
    const restart = flags.string('restart') || 'Always';
    if (restart === 'Always' || flags.bool('leave-stdin-open')) return;
    const right = restart === 'Never' ? hasEnded : (pod: KObject) => podStatus(pod).phase === 'Succeeded';
    const ended = yield* waitForPod(session, info.namespace, info.name, 0, right);
    failure = failureOf(ended);
  } finally {
    if (flags.bool('rm')) yield* removePod(session, info);
  }
  if (failure) throw failure;
}

/** The exit code of `run` is its container's. */
function failureOf({ metadata, status }: KObject): PlainError | undefined {
  const { phase, containerStatuses = [] } = status as {
    phase?: string;
    containerStatuses?: { state?: { terminated?: { exitCode?: number; reason?: string; message?: string } } }[];
  };
  if (phase !== 'Failed') return undefined;
  const { exitCode = 0, reason = '', message = '' } = containerStatuses[0]?.state?.terminated ?? {};
  const pod = `pod ${metadata?.namespace}/${metadata?.name}`;
  return exitCode === 0
    ? new PlainError(`error: ${pod} failed with unknown exit code`)
    : new PlainError(`${pod} terminated (${reason})\n${message}`, exitCode);
}

function* removePod(session: Session, info: Info): Task<void> {
  yield* deleteSelected(
    session,
    { args: [`pod/${info.name}`], requireObject: false, continueOnError: true },
    {
      gracePeriod: -1,
      propagationPolicy: 'Background',
      dryRun: 'none',
      wait: false,
      timeout: 0,
      ignoreNotFound: true,
      interactive: false,
      quiet: session.flags.bool('quiet'),
    },
  );
}
