/** Commands of a few lines: options, plugin list, top. */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { helpText } from '../help/help.ts';

export const options: Command = {
  name: 'options',
  *run(session) {
    yield* session.out(yield* helpText(session.environment, 'options'));
  },
};

export const plugin: Command = {
  name: 'plugin',
  commands: [
    {
      name: 'list',
      flags: 'name-only=false',
      *run(session) {
        const { files, env } = session.environment;
        const found: string[] = [];
        for (const folder of (env.get('PATH') ?? '').split(':').filter(Boolean)) {
          if (!(yield* files.stat(folder))?.directory) continue;
          for (const name of yield* files.list(folder))
            if (name.startsWith('kubectl-')) found.push(`${folder}/${name}`);
        }
        if (found.length === 0) throw new CommandError('unable to find any kubectl plugins in your PATH');
        const shown = session.flags.bool('name-only') ? found.map((path) => path.split('/').pop()!) : found;
        yield* session.out(`The following compatible plugins are available:\n\n${shown.join('\n')}\n`);
      },
    },
  ],
  helpTo: 'stderr',
};

const TOP = "no-headers=false -l,selector='' show-swap=false sort-by='' use-protocol-buffers=true";

/** Metrics come from the metrics.k8s.io API, which a cluster without a metrics server does not serve. */
const topOf = (name: string, aliases: readonly string[], flags: string): Command => ({
  name,
  aliases,
  flags: `${TOP} ${flags}`,
  complete: 'names',
  completeType: name,
  *run(session) {
    const { groups } = yield* session.mapper();
    if (!groups.some((group) => group.name === 'metrics.k8s.io')) throw new CommandError('Metrics API not available');
    throw new CommandError('metrics not available yet');
  },
});

export const top: Command = {
  name: 'top',
  commands: [
    topOf('node', ['nodes', 'no'], 'show-capacity=false'),
    topOf('pod', ['pods', 'po'], "-A,all-namespaces=false containers=false field-selector='' sum=false"),
  ],
  helpTo: 'stderr',
};
