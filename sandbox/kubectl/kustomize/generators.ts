/** configMapGenerator and secretGenerator (kustomize api/internal/generators). */

import { toBase64 } from '../../api/base64.ts';
import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode, encode } from '../text.ts';
import type { Resource } from './resource.ts';

export interface GeneratorArguments {
  readonly name?: string;
  readonly namespace?: string;
  readonly type?: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
  readonly options?: GeneratorOptions;
}

export interface GeneratorOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

export function* generated(
  session: Session,
  folder: string,
  kind: 'ConfigMap' | 'Secret',
  args: GeneratorArguments,
  common: GeneratorOptions = {},
): Task<Resource> {
  const data = new Map<string, Uint8Array>();
  for (const literal of args.literals ?? []) {
    const equals = literal.indexOf('=');
    if (equals <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    data.set(literal.slice(0, equals), encode(literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2')));
  }
  for (const source of args.files ?? []) {
    const equals = source.indexOf('=');
    const path = source.slice(equals + 1);
    data.set(equals > 0 ? source.slice(0, equals) : path.split('/').pop()!, yield* read(session, folder, path));
  }
  for (const path of [...(args.envs ?? []), ...(args.env ? [args.env] : [])]) {
    for (const line of decode(yield* read(session, folder, path)).split('\n')) {
      const text = line.trimStart();
      const equals = text.indexOf('=');
      if (text !== '' && !text.startsWith('#') && equals > 0)
        data.set(text.slice(0, equals), encode(text.slice(equals + 1)));
    }
  }
  const options = { ...common, ...args.options };
  const object: KObject = {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: args.name,
      namespace: args.namespace,
      labels: nonEmpty({ ...common.labels, ...args.options?.labels }),
      annotations: nonEmpty({ ...common.annotations, ...args.options?.annotations }),
    },
    ...(kind === 'Secret' ? { type: args.type || 'Opaque', ...secretData(data) } : configMapData(data)),
    ...(options.immutable ? { immutable: true } : {}),
  } as KObject;
  return { object, names: new Set([args.name ?? '']), needsHash: !options.disableNameSuffixHash };
}

const nonEmpty = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : undefined);

const secretData = (data: ReadonlyMap<string, Uint8Array>) =>
  data.size > 0 ? { data: Object.fromEntries([...data].map(([key, value]) => [key, toBase64(value)])) } : {};

function configMapData(data: ReadonlyMap<string, Uint8Array>): object {
  const texts: Record<string, string> = {};
  const binary: Record<string, string> = {};
  for (const [key, value] of data) {
    const text = decode(value);
    if (text.includes('\ufffd')) binary[key] = toBase64(value);
    else texts[key] = text;
  }
  return {
    ...(Object.keys(texts).length > 0 ? { data: texts } : {}),
    ...(Object.keys(binary).length > 0 ? { binaryData: binary } : {}),
  };
}

function* read(session: Session, folder: string, path: string): Task<Uint8Array> {
  const full = path.startsWith('/') ? path : `${folder}/${path}`;
  try {
    return yield* session.environment.files.read(full);
  } catch {
    throw new CommandError(
      `loading KV pairs: file sources: [${path}]: evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
    );
  }
}
