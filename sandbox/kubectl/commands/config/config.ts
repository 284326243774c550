/** `kubectl config …`: reading and changing kubeconfig files (kubectl pkg/cmd/config). */

import type { Command } from '../../cli/command.ts';
import { currentContext, getContexts, names, remove, renameContext, setContext, useContext } from './contexts.ts';
import { setCluster, setCredentials } from './entries.ts';
import { set, unset } from './property.ts';
import { view } from './view.ts';

export const config: Command = {
  name: 'config',
  helpTo: 'stderr',
  commands: [
    currentContext,
    remove('cluster'),
    remove('context'),
    remove('user'),
    names('get-clusters', (c) => c.clusters),
    getContexts,
    names('get-users', (c) => c.users),
    renameContext,
    set,
    setCluster,
    setContext,
    setCredentials,
    unset,
    useContext,
    view,
  ],
};
