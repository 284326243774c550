/** `kubectl create secret generic|docker-registry|tls`. */

import { toBase64 } from '../../../api/base64.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import type { KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { decode, encode } from '../../text.ts';
import { generator } from './generator.ts';
import { appendHash } from './hash.ts';
import { collectData } from './sources.ts';

function secretObject(session: Session, name: string, type: string, data: ReadonlyMap<string, Uint8Array>): KObject {
  const object: KObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    ...(type ? { type } : {}),
    ...(data.size > 0 ? { data: Object.fromEntries([...data].map(([k, v]) => [k, toBase64(v)])) } : {}),
  };
  return session.flags.bool('append-hash') ? appendHash(object) : object;
}

const generic = generator({
  name: 'generic',
  flags: "append-hash=false from-env-file=[] from-file=[]:stringArray from-literal=[]:stringArray type=''",
  namespaced: true,
  failure: 'failed to create secret ',
  *build(session, name): Task<KObject> {
    return secretObject(session, name, session.flags.string('type'), yield* collectData(session, 'Secret'));
  },
});

const dockerRegistry = generator({
  name: 'docker-registry',
  flags:
    "append-hash=false docker-email='' docker-password='' docker-server='https://index.docker.io/v1/' docker-username='' from-file=[]:stringArray",
  namespaced: true,
  failure: 'failed to create secret ',
  *build(session, name): Task<KObject> {
    const { flags } = session;
    const type = 'kubernetes.io/dockerconfigjson';
    if (flags.list('from-file').length > 0)
      return secretObject(session, name, type, yield* collectData(session, 'Secret'));
    const [username, password, email] = ['docker-username', 'docker-password', 'docker-email'].map((f) =>
      flags.string(f),
    );
    if (!username || !password) {
      throw new CommandError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      );
    }
    const auth = toBase64(encode(`${username}:${password}`));
    const config = {
      auths: { [flags.string('docker-server')]: { username, password, ...(email ? { email } : {}), auth } },
    };
    return secretObject(session, name, type, new Map([['.dockerconfigjson', encode(JSON.stringify(config))]]));
  },
});

const tls = generator({
  name: 'tls',
  flags: "append-hash=false cert='' key=''",
  namespaced: true,
  failure: 'failed to create secret ',
  *build(session, name): Task<KObject> {
    const { flags, environment } = session;
    if (!flags.string('key') || !flags.string('cert')) throw new CommandError('key and cert must be specified');
    const data = new Map<string, Uint8Array>();
    for (const [key, flag] of [
      ['tls.crt', 'cert'],
      ['tls.key', 'key'],
    ] as const) {
      const path = flags.string(flag);
      if (!(yield* environment.files.stat(path)))
        throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`);
      data.set(key, yield* environment.files.read(path));
      const what = flag === 'cert' ? 'certificate' : 'key';
      if (!/-----BEGIN [A-Z0-9 ]+-----/.test(decode(data.get(key)!)))
        throw new CommandError(`tls: failed to find any PEM data in ${what} input`);
    }
    return secretObject(session, name, 'kubernetes.io/tls', data);
  },
});

export const secret: Command = { name: 'secret', commands: [dockerRegistry, generic, tls], helpTo: 'stderr' };
