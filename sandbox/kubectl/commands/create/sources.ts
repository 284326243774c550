/** Keys and values for configmaps and secrets (kubectl pkg/util/{hash,env_file}.go, generate). */

import type { Task } from '../../../sim/task.ts';
import { CommandError } from '../../cli/errors.ts';
import type { Session } from '../../session.ts';
import { decode, encode, quote } from '../../text.ts';

const KEY = /^[-._a-zA-Z0-9]+$/;

export function* collectData(session: Session, kind: 'ConfigMap' | 'Secret'): Task<Map<string, Uint8Array>> {
  const { flags } = session;
  const data = new Map<string, Uint8Array>();
  const [files, literals, envFiles] = [
    flags.list('from-file'),
    flags.list('from-literal'),
    flags.list('from-env-file'),
  ];
  if (envFiles.length > 0 && files.length + literals.length > 0)
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  const add = (key: string, value: Uint8Array) => {
    if (key === '.' || key === '..')
      throw new CommandError(`${quote(key)} is not a valid key name for a ${kind}: must not be '${key}'`);
    if (!KEY.test(key)) {
      throw new CommandError(
        `${quote(key)} is not a valid key name for a ${kind}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      );
    }
    if (data.has(key))
      throw new CommandError(
        `cannot add key ${quote(key)}, another key by that name already exists in Data for ${kind} ${quote(session.args[0] ?? '')}`,
      );
    data.set(key, value);
  };
  for (const source of files) for (const [key, bytes] of yield* fileSource(session, source)) add(key, bytes);
  for (const literal of literals) add(...literalSource(literal));
  for (const path of envFiles) for (const [key, value] of yield* envFile(session, path)) add(key, encode(value));
  return data;
}

function literalSource(source: string): [string, Uint8Array] {
  const equals = source.indexOf('=');
  if (equals <= 0) throw new CommandError(`invalid literal source ${source}, expected key=value`);
  const value = source.slice(equals + 1);
  const bare = /^(["'])(.*)\1$/s.exec(value);
  return [source.slice(0, equals), encode(bare ? bare[2]! : value)];
}

function* fileSource(session: Session, source: string): Task<[string, Uint8Array][]> {
  const equals = source.indexOf('=');
  if (equals === 0) throw new CommandError(`key name for file path ${source.slice(1)} missing`);
  if (equals === source.length - 1) throw new CommandError(`file path for key name ${source.slice(0, -1)} missing`);
  if (source.split('=').length > 2) throw new CommandError("key names or file paths cannot contain '='");
  const path = source.slice(equals + 1);
  const { files } = session.environment;
  const stat = yield* files.stat(path);
  if (!stat) throw new CommandError(`error reading ${path}: no such file or directory`);
  if (!stat.directory)
    return [[equals > 0 ? source.slice(0, equals) : path.split('/').pop()!, yield* files.read(path)]];
  if (equals > 0) throw new CommandError('cannot give a key name for a directory path');
  const out: [string, Uint8Array][] = [];
  for (const name of [...(yield* files.list(path))].sort()) {
    const full = `${path.replace(/\/+$/, '')}/${name}`;
    if (!(yield* files.stat(full))?.directory && KEY.test(name)) out.push([name, yield* files.read(full)]);
  }
  return out;
}

function* envFile(session: Session, path: string): Task<[string, string][]> {
  if (!(yield* session.environment.files.stat(path)))
    throw new CommandError(`error reading ${path}: no such file or directory`);
  const text = decode(yield* session.environment.files.read(path));
  const out: [string, string][] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.replace(/^\s+/, '').replace(/\r$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const equals = trimmed.indexOf('=');
    const key = equals < 0 ? trimmed : trimmed.slice(0, equals);
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
      throw new CommandError(
        `${quote(key)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
      );
    }
    out.push([key, equals < 0 ? (session.environment.env.get(key) ?? '') : trimmed.slice(equals + 1)]);
  }
  return out;
}
