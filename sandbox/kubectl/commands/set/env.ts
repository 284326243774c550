/** `kubectl set env deploy/web A=b C-`, `--list`, `--from=configmap/x`. */

import { fromBase64 } from '../../../api/base64.ts';
import { formatGo } from '../../../api/gofmt.ts';
import { JsonPath } from '../../../api/jsonpath/jsonpath.ts';
import { milliUnits } from '../../../api/quantity.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { findAll, selectionOf } from '../../resource/builder.ts';
import type { Info, KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { decode, quote } from '../../text.ts';
import { type ContainerSpec, type EnvVar, podSpecOf, selectContainers, withPodSpec } from '../pod-template.ts';
import { SET_FLAGS, updateAll } from './update.ts';

export const setEnv: Command = {
  name: 'env',
  flags: `-c,containers='*' -e,env=[]:stringArray from='' keys=[] list=false overwrite=true prefix='' resolve=false ${SET_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const isChange = (arg: string) => /^[^=/]+=/.test(arg) || /^[\w.-]+-$/.test(arg);
    const first = session.args.findIndex(isChange);
    const resources = first < 0 ? session.args : session.args.slice(0, first);
    const words = [...(first < 0 ? [] : session.args.slice(first)), ...flags.list('env')];
    if (resources.length === 0 && flags.list('filename').length === 0) {
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    }
    if (flags.bool('list')) return yield* list(session, resources);
    const remove = words.filter((word) => !word.includes('=') && word.endsWith('-')).map((word) => word.slice(0, -1));
    const add: EnvVar[] = words
      .filter((word) => word.includes('='))
      .map((word) => {
        const equals = word.indexOf('=');
        return { name: word.slice(0, equals), value: word.slice(equals + 1) };
      });
    if (flags.string('from')) add.push(...(yield* variablesFrom(session)));
    yield* updateAll(session, {
      args: resources,
      operation: 'env updated',
      *change(info) {
        let none = false;
        const changed = withPodSpec(info.object!, (spec) => {
          const chosen = new Set(selectContainers(spec.containers, flags.string('containers')));
          for (const container of selectContainers(spec.initContainers ?? [], flags.string('containers')))
            chosen.add(container);
          none = chosen.size === 0;
          const change = (c: ContainerSpec) => (chosen.has(c) ? withEnv(session, info, c, add, remove) : c);
          return {
            ...spec,
            containers: spec.containers.map(change),
            ...(spec.initContainers ? { initContainers: spec.initContainers.map(change) } : {}),
          };
        });
        if (none) {
          yield* session.err(
            `Warning: ${info.mapping.kind}/${info.name} does not have any containers matching ${quote(flags.string('containers'))}\n`,
          );
        }
        return changed;
      },
    });
  },
};

function withEnv(
  session: Session,
  info: Info,
  container: ContainerSpec,
  add: readonly EnvVar[],
  remove: readonly string[],
): ContainerSpec {
  const env = (container.env ?? []).filter(({ name }) => !remove.includes(name));
  for (const variable of add) {
    const at = env.findIndex(({ name }) => name === variable.name);
    if (at < 0) env.push(variable);
    else if (session.flags.bool('overwrite')) env[at] = variable;
    else
      throw new CommandError(
        `${info.mapping.resource}/${info.name} '${variable.name}' already has a value (${env[at]!.value ?? ''}), and --overwrite is false`,
      );
  }
  const { env: _, ...rest } = container;
  return env.length > 0 ? { ...rest, env } : rest;
}

const envName = (key: string): string => key.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();

function* variablesFrom(session: Session): Task<EnvVar[]> {
  const { flags } = session;
  const infos = yield* findAll(session, { args: [flags.string('from')] });
  const keys = flags.list('keys');
  const out: EnvVar[] = [];
  for (const { object, name } of infos) {
    const source = { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' }[object!.kind ?? ''];
    if (!source) throw new CommandError(`unsupported resource specified in --from`);
    for (const key of Object.keys((object!.data ?? {}) as object).sort()) {
      if (keys.length > 0 && !keys.includes(key)) continue;
      out.push({ name: flags.string('prefix') + envName(key), valueFrom: { [source]: { key, name } } });
    }
  }
  return out;
}

function* list(session: Session, args: readonly string[]): Task<void> {
  const local = session.flags.bool('local');
  const infos = yield* findAll(session, { ...selectionOf(session), args, local, latest: !local });
  for (const info of infos) {
    const spec = podSpecOf(info.object as KObject);
    for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
      yield* session.out(`# ${info.mapping.kind} ${info.name}, container ${container.name}\n`);
      for (const variable of container.env ?? []) {
        const text = session.flags.bool('resolve')
          ? yield* resolvedText(session, info, container, variable)
          : variableText(variable);
        yield* session.out(`${text}\n`);
      }
    }
  }
}

/** --resolve: the value itself (kubectl pkg/cmd/set/env/env_resolve.go). */
function* resolvedText(session: Session, info: Info, container: ContainerSpec, variable: EnvVar): Task<string> {
  const [kind = '', reference] = Object.entries(variable.valueFrom ?? {})[0] ?? [];
  const ref = (reference ?? {}) as Readonly<Record<string, string | undefined>>;
  if (kind === 'fieldRef') {
    const path = new JsonPath(`{.${ref.fieldPath}}`, true);
    return `${variable.name}=${formatGo(path.find(info.object)[0]?.[0] ?? '')}`;
  }
  if (kind === 'resourceFieldRef') {
    const [list = '', name = ''] = (ref.resource ?? '').split('.');
    const amount = container.resources?.[list as 'limits' | 'requests']?.[name] ?? '0';
    return `${variable.name}=${Math.ceil(milliUnits(amount) / (milliUnits(ref.divisor || '1') || 1000))}`;
  }
  const resource = { configMapKeyRef: 'configmaps', secretKeyRef: 'secrets' }[kind];
  if (!resource) return variableText(variable);
  const client = yield* session.client();
  const path = `/api/v1/namespaces/${info.namespace}/${resource}/${ref.name}`;
  const data = ((yield* client.json<KObject>('GET', path)).data ?? {}) as Record<string, string>;
  const value = data[ref.key ?? ''] ?? '';
  return `${variable.name}=${resource === 'secrets' ? decode(fromBase64(value)) : value}`;
}

function variableText({ name, value, valueFrom }: EnvVar): string {
  if (!valueFrom) return `${name}=${value ?? ''}`;
  const [kind = '', ref] = Object.entries(valueFrom)[0] ?? [];
  if (kind === 'configMapKeyRef') return `# ${name} from configmap ${ref?.name}, key ${ref?.key}`;
  if (kind === 'secretKeyRef') return `# ${name} from secret ${ref?.name}, key ${ref?.key}`;
  if (kind === 'fieldRef') return `# ${name} from field path ${ref?.fieldPath}`;
  return `# ${name} from resource field ${ref?.resource}`;
}
