/** Commands whose work needs what the lab has not got: they stop where the real ones would without it. */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';

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
