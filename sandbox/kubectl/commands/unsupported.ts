/** Commands whose work needs what the lab has not got: they stop where the real ones would without it. */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Without the kustomize library, a folder holds nothing that could be built (kustomize api/internal/target). */
export const kustomize: Command = {
  name: 'kustomize',
  flags:
    "as-current-user=false enable-alpha-plugins=false enable-helm=false -e,env=[] helm-api-versions=[] helm-command='helm' helm-debug=false helm-kube-version='' load-restrictor='LoadRestrictionsRootOnly' mount=[] network=false network-name='bridge' -o,output='' reorder='none'",
  *run(session) {
    const { files } = session.environment;
    if (session.args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
    const folder = session.args[0] ?? '.';
    const path = folder.startsWith('/') ? folder : `${files.cwd}/${folder}`.replace(/\/\.$/, '');
    if (!(yield* files.stat(path))?.directory) {
      throw new CommandError(
        `must build at directory: not a valid directory: evalsymlink failure on '${folder}' : lstat ${path}: no such file or directory`,
      );
    }
    for (const name of NAMES)
      if (yield* files.stat(`${path}/${name}`))
        throw new CommandError(`unable to build ${path}/${name}: kustomize is not part of this lab`);
    throw new CommandError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${path}'`,
    );
  },
};

/** Nothing on the lab's machines may listen for kubectl but port-forward's plain streams. */
export const proxy: Command = {
  name: 'proxy',
  flags:
    "accept-hosts='^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$' accept-paths='^.*' address='127.0.0.1' api-prefix='/' append-server-path=false disable-filter=false keepalive=0s -p,port=8001 reject-methods='^$' reject-paths='' -u,unix-socket='' -w,www='' -P,www-prefix='/static/'",
  *run({ flags }) {
    throw new CommandError(`listen tcp ${flags.string('address')}:${flags.string('port')}: bind: permission denied`);
  },
};

export const alpha: Command = {
  name: 'alpha',
  helpOnly: true,
  commands: [{ name: 'kuberc', commands: [], helpTo: 'stderr' }],
};
